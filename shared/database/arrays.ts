const ESCAPED = /["\\]/;

/** An element of an array; a list within a list is one as its text. */
export type Element = string | number | boolean | Date | null | undefined;

/**
 * Returns an array in PostgreSQL's own form, for a parameter of any array type: the driver inspects every element several times,
 * and writes dates in local time.
 */
export function arrayOf(elements: readonly Element[]): string {
  if (areTexts(elements)) return arrayOfTexts(elements);
  // The rows of one call mostly have the same instant.
  let [instant, written]: [Date | undefined, string] = [undefined, ''];
  const texts = elements.map((element) => {
    if (element == null) return 'NULL';
    if (typeof element === 'string') return quoted(element);
    if (!(element instanceof Date)) return String(element);
    if (element !== instant) [instant, written] = [element, `"${element.toISOString()}"`];
    return written;
  });
  return `{${texts.join()}}`;
}

/**
 * As `arrayOf`, but empty where no element is given. For those of the lists of one `unnest` that are mostly not given: it takes as many
 * rows as the longest has, and null for what another lacks.
 */
export function sparseArrayOf(elements: readonly Element[]): string {
  return elements.every((element) => element == null) ? '{}' : arrayOf(elements);
}

function areTexts(elements: readonly Element[]): elements is readonly string[] {
  return elements.every((element) => typeof element === 'string');
}

/** Looks once at all of them: mostly they are ids, and nothing is escaped. */
function arrayOfTexts(texts: readonly string[]): string {
  if (texts.length === 0) return '{}';
  const escaped = ESCAPED.test(texts.join('')) ? texts.map(escape) : texts;
  return `{"${escaped.join('","')}"}`;
}

function quoted(text: string): string {
  return `"${escape(text)}"`;
}

function escape(text: string): string {
  return ESCAPED.test(text) ? text.replace(/["\\]/g, '\\$&') : text;
}
