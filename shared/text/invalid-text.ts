/** PostgreSQL stores neither U+0000 nor half of a surrogate pair. */
const NOT_STORABLE = /\0|\p{Surrogate}/u;
/** Controls and line breaks; bidirectional embeddings, overrides and isolates. None is part of a word in any script. */
const DECEPTIVE = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
const DECEPTIVE_IN_LINES = /(?![\t\n\r])[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
/** A character that shows: no mark alone, no format character, no filler, no blank pattern. */
const VISIBLE = /(?!\p{Default_Ignorable_Code_Point}|\u2800)[\p{L}\p{N}\p{P}\p{S}\p{Cn}]/u;

/** Texts of these names have lines and tabs. */
const HAS_LINES = /^(reason|purpose|assumption|legalBasis)$/;

/**
 * Returns what is wrong with a text that cannot be stored or would deceive a reader, as a sentence for the caller; undefined when
 * nothing is. Whether a text of spaces will do, or an empty one, is for the rules of its field. Joiners within a word stay.
 */
export function textFault(field: string, text: string): string | undefined {
  return storageFault(field, text) ?? deceptionFault(field, text);
}

/** Optional texts of these names are judged by rules of their own: the empty area is all of Germany, the others are refused. */
const BLANK_IS_JUDGED = /^(area|name|dateOfBirth|pzc|from|to)$/;

/**
 * Returns what is wrong with an optional text in which nothing is written, as a sentence for the caller; undefined when
 * something is. A required text is judged by the rules of its field, which say what it is for.
 */
export function blankFault(field: string, text: string): string | undefined {
  if (text.trim() !== '' || BLANK_IS_JUDGED.test(field)) return undefined;
  const received = text === '' ? 'an empty text' : 'only spaces';
  return `${field} is a text or left out; received ${received}. Write something, or send null.`;
}

/** Returns why a text cannot be stored that no person reads as it is, such as JSON; undefined when it can. */
export function storageFault(field: string, text: string): string | undefined {
  const at = text.search(NOT_STORABLE);
  if (at < 0) return undefined;
  const what =
    text[at] === '\0' ? 'which no text has' : 'half of a surrogate pair, which is no character';
  return faultAt(field, text, at, what);
}

function deceptionFault(field: string, text: string): string | undefined {
  const at = text.search(HAS_LINES.test(field) ? DECEPTIVE_IN_LINES : DECEPTIVE);
  if (at >= 0) {
    return faultAt(field, text, at, 'which controls how text is shown and is no part of it');
  }
  if (text.trim() === '' || VISIBLE.test(text)) return undefined;
  return `${field} has at least one visible character; received ${text.length}, of which none shows. Correct it and send it again.`;
}

function faultAt(field: string, text: string, at: number, what: string): string {
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return `${field} is Unicode text; character ${at + 1} is U+${code}, ${what}. Correct it and send it again.`;
}
