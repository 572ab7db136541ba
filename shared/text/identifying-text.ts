/** Fields whose text identifies something: the card of a patient, a vehicle, a reporting system, a batch. */
const IDENTIFYING = /^(tag|vehicle|callSign|source|batch)$/;
/** Characters that do not show, among them joiners: a reader does not notice them. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Spaces of any width, and the blank pattern of Braille. */
const SPACES = /[\p{Zs}\u2800]+/gu;
/** Hyphens and dashes of any length, and the minus sign. */
const DASHES = /[\p{Pd}\u2212]/gu;
/** A letter of another alphabet, which may look like a Latin one. */
const NOT_LATIN = /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u;
/** A character that no batch number on a pack has: it is of GS1's character set 82 (General Specifications, figure 7.11-1), as AI (10) demands. */
const NOT_OF_BATCH = /[^A-Za-z0-9!"%&'()*+,\-./:;<=>?_]/u;
const UUID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

/** Whether the text of a field identifies something. */
export function isIdentifying(field: string): boolean {
  return IDENTIFYING.test(field);
}

/**
 * The one form of texts that look the same, so that one card is not two patients, nor one vehicle two: composed characters of one width,
 * nothing that does not show, single spaces, one kind of hyphen.
 */
export function identifyingText(text: string): string {
  const composed = text.normalize('NFKC').replace(INVISIBLE, '').replace(DASHES, '-');
  return composed.replace(SPACES, ' ').normalize('NFKC');
}

/** The one form of the text of an identifying field. */
export function identifyingForm(text: string, field: string): string {
  return field === 'batch' ? batchText(text) : identifyingText(text);
}

/**
 * Returns what is wrong with the text of an identifying field whose look deceives: a Cyrillic А is another text than a Latin A, and nobody
 * sees it. A batch number has the characters that can be printed and scanned as one.
 */
export function identifyingFault(path: string, text: string, field: string): string | undefined {
  const isBatch = field === 'batch';
  const form = isBatch ? withoutSpaces(text) : identifyingText(text);
  const [found] = (isBatch ? NOT_OF_BATCH : NOT_LATIN).exec(form) ?? [];
  if (found === undefined) return undefined;
  const expected = isBatch
    ? `has the letters A to Z, digits and the signs !"%&'()*+,-./:;<=>?_, as batch numbers on packs do (GS1, AI 10)`
    : 'has letters of the Latin alphabet, digits and signs';
  const code = found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return `${path} ${expected}; received ${found} (U+${code}), which may look like one of them. Type it as it is printed, or scan it.`;
}

/**
 * The one form of a batch number, however it was typed, printed or scanned: a recall of one way to write it is a recall of all. Beyond
 * `identifyingText` it has no spaces, because codes on packs have none, and capitals. `L-1` and `L1` stay two batches.
 * A UUID, which the hub's own batches are, is in lower case, as databases write it.
 */
export function batchText(text: string): string {
  const batch = withoutSpaces(withoutSpaces(text).toUpperCase());
  return UUID.test(batch) ? batch.toLowerCase() : batch;
}

function withoutSpaces(text: string): string {
  return identifyingText(text).replace(/\s/gu, '');
}
