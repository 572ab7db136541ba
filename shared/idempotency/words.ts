/** Before and after the number of a word; characters for private use, which stand in no text of a person. */
const [BEGIN, END] = ['\uE000', '\uE001'];

/**
 * The value with each of the words replaced by its number, so that it can be stored where words about a person must not be.
 * `withWords` gives the value back to whoever has the words. Names of fields and `__typename` stay.
 */
export function withoutWords<Value>(value: Value, words: readonly string[]): Value {
  const known = numbered(words);
  // The longest first: one word may stand in another.
  const longestFirst = [...known.keys()].sort((a, b) => b.length - a.length);
  const literals = longestFirst.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const anyWord = new RegExp(literals.join('|'), 'g');
  return mapTexts(value, (text) =>
    text.replace(anyWord, (word) => `${BEGIN}${known.get(word)!}${END}`),
  );
}

/** The value as it was before `withoutWords`, with the same words. */
export function withWords<Value>(value: Value, words: readonly string[]): Value {
  const known = [...numbered(words).keys()];
  return mapTexts(value, (text) =>
    text.replace(/\uE000(\d+)\uE001/g, (_, number: string) => known[Number(number)] ?? ''),
  );
}

/** All texts within an input, each also as it is without spaces around it. */
export function wordsOf(input: unknown): string[] {
  if (typeof input === 'string') return [input, input.trim()];
  return typeof input === 'object' && input !== null ? Object.values(input).flatMap(wordsOf) : [];
}

/** The first is the mark itself, so that a text that has it comes back too. */
function numbered(words: readonly string[]): Map<string, number> {
  const different = new Set([BEGIN, ...words.filter((word) => word !== '')]);
  return new Map([...different].map((word, number) => [word, number]));
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
