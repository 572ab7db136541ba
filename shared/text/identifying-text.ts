/** Fields whose text identifies something: the card of a patient, a vehicle, a reporting system, a batch. */
const IDENTIFYING = /^(tag|vehicle|callSign|source|batch)$/;
/** Characters that do not show, among them joiners: a reader does not notice them. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Spaces of any width, and the blank pattern of Braille. */
const SPACES = /[\p{Zs}\u2800]+/gu;
/** Hyphens and dashes of any length, and the minus sign. */
const DASHES = /[\p{Pd}\u2212]/gu;
const UUID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

/** Whether the text of a field identifies something. */
export function isIdentifying(field: string): boolean {
  return IDENTIFYING.test(field);
}

/**
 * The one form of texts that look the same, so that one card is not two patients, nor one vehicle two: composed characters,
 * nothing that does not show, single spaces.
 */
export function identifyingText(text: string): string {
  return text.normalize('NFC').replace(INVISIBLE, '').replace(SPACES, ' ');
}

/** The one form of the text of an identifying field. */
export function identifyingForm(text: string, field: string): string {
  return field === 'batch' ? batchText(text) : identifyingText(text);
}

/**
 * The one form of a batch number, however it was typed, printed or scanned: a recall of one way to write it is a recall of all. Beyond
 * `identifyingText` it has nothing around it, no letters of another width, one kind of hyphen, and capitals. `L-1` and `L1` stay two batches.
 * A UUID, which the hub's own batches are, is in lower case, as databases write it.
 */
export function batchText(text: string): string {
  const form = identifyingText(text.normalize('NFKC')).replace(DASHES, '-').toUpperCase();
  const batch = identifyingText(form.normalize('NFKC')).trim();
  return UUID.test(batch) ? batch.toLowerCase() : batch;
}
