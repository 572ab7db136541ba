/** What an array may hold; a list of lists holds their texts. */
export type Element = string | number | boolean | Date | null | undefined;

/**
 * Returns an array in PostgreSQL's own form, for a parameter of any array type: the driver inspects every element several times,
 * and writes dates in local time.
 */
export function arrayOf(elements: readonly Element[]): string {
  return `{${elements.map(elementOf).join()}}`;
}

function elementOf(element: Element): string {
  if (element == null) return 'NULL';
  if (typeof element === 'string') return quoted(element);
  return element instanceof Date ? `"${element.toISOString()}"` : String(element);
}

function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
