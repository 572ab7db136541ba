/** A piece of a file that is judged by itself. */
export interface Passage {
  /** `property` is a name that may be the schema's; `type` is the name of a declared type. */
  kind: 'name' | 'property' | 'type' | 'text';
  value: string;
  line: number;
}

/** The lines of a source. */
export class Lines {
  readonly #starts: number[];

  constructor(source: string) {
    this.#starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /** Returns the line, counted from 1, of the character at `offset`. */
  at(offset: number): number {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

/** Returns the names in a piece of code in another language, which begins at `offset` of the source. */
export function namesIn(code: string, lines: Lines, offset: number): Passage[] {
  return [...code.matchAll(/[A-Za-z_][A-Za-z0-9_]*/g)].map((match) => ({
    kind: 'property',
    value: match[0],
    line: lines.at(offset + match.index),
  }));
}
