const BUCKETS_PER_MS = 10;
const LONGEST_MS = 120_000;

/** Counts times by tenths of a millisecond, so that millions of them take no room. */
export class Latencies {
  readonly #counts = new Uint32Array(LONGEST_MS * BUCKETS_PER_MS + 1);
  #count = 0;

  record(ms: number): void {
    const bucket = Math.max(0, Math.min(this.#counts.length - 1, Math.ceil(ms * BUCKETS_PER_MS)));
    this.#counts[bucket]!++;
    this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  /** The time that a share (0 to 1) of all does not exceed, in ms; undefined without any. */
  quantile(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    let left = Math.max(1, Math.ceil(this.#count * share));
    const bucket = this.#counts.findIndex((count) => (left -= count) <= 0);
    return bucket / BUCKETS_PER_MS;
  }
}
