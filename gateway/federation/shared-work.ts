import type { Changes } from './changes.js';

interface UnderWay<Result> {
  /** Of the changes when it began. */
  since: number;
  result: Promise<Result>;
}

/**
 * Work that is under way. Who needs the same meanwhile gets the same result, unless something has changed in between. What
 * is for one human alone, or changes something, is never given to this.
 */
export class SharedWork<Result> {
  readonly #changes: Changes;
  /** By what it is a part of, such as the token it is done with, then by what it is. */
  readonly #underWay = new Map<unknown, Map<string, UnderWay<Result>>>();

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  /** The result of the same that is under way; undefined when there is none to wait for. */
  joined(whole: unknown, what: string): Promise<Result> | undefined {
    const same = this.#underWay.get(whole)?.get(what);
    return same?.since === this.#changes.count ? same.result : undefined;
  }

  /** From now on others may join. */
  began(whole: unknown, what: string, result: Promise<Result>): void {
    const work = { since: this.#changes.count, result };
    let parts = this.#underWay.get(whole);
    if (!parts) {
      parts = new Map<string, UnderWay<Result>>();
      this.#underWay.set(whole, parts);
    }
    parts.set(what, work);
    const ended = () => this.#ended(whole, what, work);
    result.then(ended, ended);
  }

  #ended(whole: unknown, what: string, work: UnderWay<Result>): void {
    const parts = this.#underWay.get(whole);
    // A later one may have taken its place.
    if (parts?.get(what) !== work) return;
    parts.delete(what);
    if (parts.size === 0) this.#underWay.delete(whole);
  }
}
