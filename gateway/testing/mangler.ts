const STRANGE = [
  '{',
  '}',
  '"',
  '\\',
  '\u0000',
  '\r\n',
  '$',
  '@',
  '...',
  '[',
  '-1',
  '1e999',
  'ü',
  '🏥',
  '#',
];
const VALUES: unknown[] = [null, true, -1, 1e21, '', 'ü', [], [[]], {}, { upc: '1' }, { upc: {} }];

/** Makes wrong input out of right input, the same for the same seed. */
export class Mangler {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.#below(values.length)]!;
  }

  value(): unknown {
    return this.pick(VALUES);
  }

  text(): string {
    return Array.from({ length: this.#below(4) }, () => this.pick(STRANGE)).join('');
  }

  /** With up to four positions cut out, doubled or replaced. A header can hold only printable ASCII. */
  mangled(text: string, kind: 'text' | 'header' = 'text'): string {
    let result = text;
    for (let writes = 1 + this.#below(4); writes > 0; writes -= 1) {
      const from = this.#below(result.length + 1);
      const to = from + this.#below(12);
      const piece = result.slice(from, to);
      const put = this.pick(['', piece + piece, kind === 'header' ? 'x' : this.pick(STRANGE)]);
      result = result.slice(0, from) + put + result.slice(to);
    }
    return result;
  }

  /** mulberry32: small, and good enough to choose what to break. */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
}
