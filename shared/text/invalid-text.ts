const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Returns what is wrong with a text that cannot be stored, as a sentence for the caller; undefined when nothing is. PostgreSQL
 * keeps neither U+0000 nor half of a surrogate pair, and no name or reason has one.
 */
export function textFault(field: string, text: string): string | undefined {
  const nul = text.indexOf('\0');
  const at = nul >= 0 ? nul : text.search(LONE_SURROGATE);
  if (at < 0) return undefined;
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  const what = nul >= 0 ? 'which no text has' : 'half of a surrogate pair, which is no character';
  return `${field} is Unicode text; character ${at + 1} is U+${code}, ${what}. Correct it and send it again.`;
}
