const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text can be the id of a facility at all; anything else is an id that nobody has. */
export function isFacilityId(id: string): boolean {
  return UUID.test(id);
}
