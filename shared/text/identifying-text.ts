/** Fields whose text identifies something: the card of a patient, a vehicle, a reporting system. */
const IDENTIFYING = /^(tag|vehicle|callSign|source)$/;
/** Characters that do not show, among them joiners: a reader does not notice them. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Spaces of any width, and the blank pattern of Braille. */
const SPACES = /[\p{Zs}\u2800]+/gu;

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
