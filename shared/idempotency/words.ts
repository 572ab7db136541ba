/** Around the number of a word and how much of it stands there; characters for private use, which stand in no person's text. */
const [BEGIN, END] = ['\uE000', '\uE001'];
const MARK = /\uE000(\d+) (\d+)\uE001/g;
/** How many first characters identify a word that is shown cut off. */
const FEWEST_CHARACTERS = 4;

/**
 * The value with each of the words, and each beginning of one, replaced by a mark, so that it can be stored where words about
 * a person must not be. `withWords` gives the value back to a caller who has the words. Names of fields and `__typename` stay.
 */
export function withoutWords<Value>(value: Value, words: readonly string[]): Value {
  const known = numbered(words);
  return mapTexts(value, (text) => {
    let reduced = '';
    for (let at = 0; at < text.length;) {
      const { number, length } = longestAt(text, at, known);
      reduced += length > 0 ? `${BEGIN}${number} ${length}${END}` : text[at]!;
      at += Math.max(1, length);
    }
    return reduced;
  });
}

/** The value as it was before `withoutWords`, with the same words. */
export function withWords<Value>(value: Value, words: readonly string[]): Value {
  const known = numbered(words);
  return mapTexts(value, (text) =>
    text.replace(MARK, (_, number: string, length: string) =>
      known[Number(number)]!.slice(0, Number(length)),
    ),
  );
}

/** All texts within an input, each also as it is without spaces around it. */
export function wordsOf(input: unknown): string[] {
  if (typeof input === 'string') return [input, input.trim()];
  return typeof input === 'object' && input !== null ? Object.values(input).flatMap(wordsOf) : [];
}

/** The first is the mark itself, so that a text that has it comes back too. */
function numbered(words: readonly string[]): string[] {
  return [...new Set([BEGIN, ...words.filter((word) => word !== '')])];
}

/** Returns which word stands at a position of a text, and how much of it; length 0 for none. */
function longestAt(text: string, at: number, words: readonly string[]) {
  let longest = { number: 0, length: 0 };
  for (const [number, word] of words.entries()) {
    let length = 0;
    while (length < word.length && word[length] === text[at + length]) length += 1;
    const isFound = length === word.length || length >= FEWEST_CHARACTERS;
    if (isFound && length > longest.length) longest = { number, length };
  }
  return longest;
}

function mapTexts<Value>(value: Value, map: (text: string) => string): Value {
  if (typeof value === 'string') return map(value) as Value;
  if (Array.isArray(value)) return value.map((one: unknown) => mapTexts(one, map)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]): [string, unknown] => [
    name,
    name === '__typename' ? one : mapTexts(one as unknown, map),
  ]);
  return Object.fromEntries(entries) as Value;
}
