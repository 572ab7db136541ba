import { Cancellation } from '../../shared/cancellation/cancellation.js';
import type { Changes } from './write-epoch.js';

interface UnderWay<Result> {
  /** Of the changes when it began. */
  since: number;
  result: Promise<Result>;
  /** How many still wait for the result; those who cannot stop waiting included. */
  waiting: number;
  /** Of the work itself: cancelled when nobody waits any more. */
  cancellation: Cancellation;
}

/** What is done once for several who need the same at the same time. It is cancelled when none of them waits any more. */
export type Work<Result> = (cancellation: Cancellation) => Promise<Result>;

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

  /**
   * The result of the same that is under way, or of `work` if that fails; undefined when there is none to wait for. Whoever
   * joins waits until their own cancellation, without one to the end.
   */
  joined(
    whole: unknown,
    what: string,
    work: Work<Result>,
    own?: Cancellation,
  ): Promise<Result> | undefined {
    const underWay = this.#current(whole, what);
    if (!underWay) return undefined;
    const again = () => {
      own?.check();
      const current = this.#current(whole, what);
      return current ? waitFor(current, own) : this.begin(whole, what, work, own);
    };
    return waitFor(underWay, own).then(
      (result) => (this.#isFailure(result) ? again() : result),
      again,
    );
  }

  /** Does the work; others may join until it ends. */
  begin(whole: unknown, what: string, work: Work<Result>, own?: Cancellation): Promise<Result> {
    const cancellation = new Cancellation();
    const begun = {
      since: this.#changes.count,
      result: work(cancellation),
      waiting: 0,
      cancellation,
    };
    let parts = this.#underWay.get(whole);
    if (!parts) {
      parts = new Map<string, UnderWay<Result>>();
      this.#underWay.set(whole, parts);
    }
    parts.set(what, begun);
    const ended = () => this.#ended(whole, what, begun);
    begun.result.then(ended, ended);
    return waitFor(begun, own);
  }

  #current(whole: unknown, what: string): UnderWay<Result> | undefined {
    const same = this.#underWay.get(whole)?.get(what);
    const isCurrent = same?.since === this.#changes.count && !same.cancellation.isCancelled;
    return isCurrent ? same : undefined;
  }

  #ended(whole: unknown, what: string, work: UnderWay<Result>): void {
    const parts = this.#underWay.get(whole);
    // A later one may have taken its place.
    if (parts?.get(what) !== work) return;
    parts.delete(what);
    if (parts.size === 0) this.#underWay.delete(whole);
  }
}

/** Until their own cancellation; the last who stops waiting cancels the work. */
function waitFor<Result>(work: UnderWay<Result>, own: Cancellation | undefined): Promise<Result> {
  work.waiting += 1;
  own?.onCancel(() => {
    work.waiting -= 1;
    if (work.waiting === 0) work.cancellation.cancel();
  });
  return work.result;
}
