/**
 * Counts the writes that this gateway knows of: every mutation that ended and every event that arrived. A read that begins
 * after a write must see it, so it never shares work that began in an earlier epoch.
 */
export class WriteEpoch {
  #value = 0;

  get value(): number {
    return this.#value;
  }

  advance(): void {
    this.#value += 1;
  }
}
