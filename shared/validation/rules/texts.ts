/** Characters of a reason, a purpose, an assumption: a paragraph. */
const MAX_REASON = 500;
const MAX_KEY = 200;

/** Returns what is wrong with a text that has 1 to `max` characters, as a sentence for the caller; undefined when nothing is. */
export function textFault(field: string, text: string, max: number): string | undefined {
  if (isWithin(text, max)) return undefined;
  return `${field} has 1 to ${max} characters; received ${lengthOf(text)}.`;
}

/** Returns what is wrong with the reason of a change, as a sentence for the caller; undefined when nothing is. */
export function reasonFault(reason: string): string | undefined {
  if (isWithin(reason, MAX_REASON)) return undefined;
  return `reason says why in 1 to ${MAX_REASON} characters; received ${lengthOf(reason)}.`;
}

/** Returns what is wrong with an idempotency key, as a sentence for the caller; undefined when nothing is. */
export function keyFault(key: string): string | undefined {
  if (isWithin(key, MAX_KEY)) return undefined;
  return `idempotencyKey has 1 to ${MAX_KEY} characters; received ${lengthOf(key)}. Send a random UUID with every new call.`;
}

function isWithin(text: string, max: number): boolean {
  return text.trim() !== '' && text.length <= max;
}

function lengthOf(text: string): string {
  return text.trim() === '' ? 'nothing' : `${text.length}`;
}
