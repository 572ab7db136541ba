import type { Changes } from './changes.js';

interface UnderWay<Result> {
  /** Of the changes when it began. */
  since: number;
  result: Promise<Result>;
}

/** What is done once for several who need the same at the same time. */
export type Work<Result> = () => Promise<Result>;

/**
 * Work that is under way. Who needs the same meanwhile gets the same result, unless something has changed in between. What
 * is for one human alone, or changes something, is never given to this.
 *
 * A failure is not shared: those who waited for work that failed do it again, once and together. That second result is
 * theirs whatever it is, because it began after all of them asked.
 */
export class SharedWork<Result> {
  readonly #changes: Changes;
  readonly #isFailure: (result: Result) => boolean;
  /** By what it is a part of, such as the token it is done with, then by what it is. */
  readonly #underWay = new Map<unknown, Map<string, UnderWay<Result>>>();

  /** Work that rejects, or whose result `isFailure`, has failed. */
  constructor(changes: Changes, isFailure: (result: Result) => boolean) {
    this.#changes = changes;
    this.#isFailure = isFailure;
  }

  /** The result of the same that is under way, or of `work` if that fails; undefined when there is none to wait for. */
  joined(whole: unknown, what: string, work: Work<Result>): Promise<Result> | undefined {
    const underWay = this.#current(whole, what);
    if (!underWay) return undefined;
    const again = () => this.#current(whole, what) ?? this.begin(whole, what, work);
    return underWay.then((result) => (this.#isFailure(result) ? again() : result), again);
  }

  /** Does the work; others may join until it ends. */
  begin(whole: unknown, what: string, work: Work<Result>): Promise<Result> {
    const begun = { since: this.#changes.count, result: work() };
    let parts = this.#underWay.get(whole);
    if (!parts) {
      parts = new Map<string, UnderWay<Result>>();
      this.#underWay.set(whole, parts);
    }
    parts.set(what, begun);
    const ended = () => this.#ended(whole, what, begun);
    begun.result.then(ended, ended);
    return begun.result;
  }

  #current(whole: unknown, what: string): Promise<Result> | undefined {
    const same = this.#underWay.get(whole)?.get(what);
    return same?.since === this.#changes.count ? same.result : undefined;
  }

  #ended(whole: unknown, what: string, work: UnderWay<Result>): void {
    const parts = this.#underWay.get(whole);
    // A later one may have taken its place.
    if (parts?.get(what) !== work) return;
    parts.delete(what);
    if (parts.size === 0) this.#underWay.delete(whole);
  }
}
