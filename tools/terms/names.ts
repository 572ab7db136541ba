/** Returns the words of an identifier or a file name in lower case: `occupiedBeds`, `OCCUPIED_BEDS` and `occupied-beds` are the same two. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase());
}

/** Names that clients rely on (the schema's, those of rights): they do not count, alone or inside a longer name. */
export class PublishedNames {
  readonly #names: Set<string>;
  readonly #phrases: RegExp;
  readonly #known = new Map<string, string>();

  constructor(names: Iterable<string>) {
    this.#names = new Set(names);
    const phrases = [...this.#names]
      .map((name) => wordsOf(name))
      .filter((words) => words.length > 1)
      .map((words) => words.join(' '))
      .sort((a, b) => b.length - a.length);
    this.#phrases = new RegExp(`(?<=^| )(${phrases.join('|')})(?= |$)`, 'g');
  }

  /** Whether the name, or each part of a coordinate such as `Query.beds`, is published. */
  has(name: string): boolean {
    return name.split('.').every((part) => this.#names.has(part));
  }

  /** Returns the words of a name, separated by spaces, without published names of several words. */
  wordsBeside(name: string): string {
    let words = this.#known.get(name);
    if (words === undefined) {
      words = wordsOf(name).join(' ').replace(this.#phrases, '|');
      this.#known.set(name, words);
    }
    return words;
  }
}
