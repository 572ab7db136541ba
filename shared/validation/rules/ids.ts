const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NONE = '00000000-0000-0000-0000-000000000000';

/** Returns whether a text is a UUID in small letters, as the databases store ids. Any other text is an id that nothing has. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Returns the id, or for a text that is no UUID an id that nothing has, so that both run the same statement. */
export function idOrNone(text: string): string {
  return isUuid(text) ? text : NONE;
}
