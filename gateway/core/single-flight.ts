import { Cancellation } from '../../shared/cancellation/index.js';
import type { WriteEpoch } from './write-epoch.js';

interface Flight<Result> {
  /** The write epoch in which it began. */
  epoch: number;
  result: Promise<Result>;
  /** How many callers wait for the result, including those who cannot stop waiting. */
  waiting: number;
  /** Cancels the work itself when nobody waits any more. */
  cancellation: Cancellation;
}

/** Work that is done once for all who need its result at the same time; it is cancelled when none of them waits any more. */
export type Work<Result> = (cancellation: Cancellation) => Promise<Result>;

/**
 * In-flight deduplication: a caller who needs what is already being done gets that result, unless the write epoch has advanced
 * since it began. Never used for mutations, nor for results that belong to one person.
 *
 * A failure is not shared: callers who joined work that failed do it again, once and together. They accept that second result
 * whatever it is, because it began after all of them arrived.
 */
export class SingleFlight<Result> {
  readonly #writes: WriteEpoch;
  readonly #isFailure: (result: Result) => boolean;
  /** By scope, such as the token the work is done with, then by key. */
  readonly #flights = new Map<unknown, Map<string, Flight<Result>>>();

  /** Work has failed when it rejects or its result is a failure. */
  constructor(writes: WriteEpoch, isFailure: (result: Result) => boolean) {
    this.#writes = writes;
    this.#isFailure = isFailure;
  }

  /**
   * Returns the result of the same work in flight, or of `work` if that fails; undefined when none is in flight. A caller
   * waits until their own cancellation, without one to the end.
   */
  join(
    scope: unknown,
    key: string,
    work: Work<Result>,
    own?: Cancellation,
  ): Promise<Result> | undefined {
    const flight = this.#current(scope, key);
    if (!flight) return undefined;
    const retry = () => {
      own?.check();
      const current = this.#current(scope, key);
      return current ? waitFor(current, own) : this.begin(scope, key, work, own);
    };
    return waitFor(flight, own).then(
      (result) => (this.#isFailure(result) ? retry() : result),
      retry,
    );
  }

  /** Does the work; others may join until it ends. */
  begin(scope: unknown, key: string, work: Work<Result>, own?: Cancellation): Promise<Result> {
    const cancellation = new Cancellation();
    const flight = {
      epoch: this.#writes.value,
      result: work(cancellation),
      waiting: 0,
      cancellation,
    };
    let flights = this.#flights.get(scope);
    if (!flights) {
      flights = new Map<string, Flight<Result>>();
      this.#flights.set(scope, flights);
    }
    flights.set(key, flight);
    const remove = () => this.#remove(scope, key, flight);
    flight.result.then(remove, remove);
    return waitFor(flight, own);
  }

  #current(scope: unknown, key: string): Flight<Result> | undefined {
    const flight = this.#flights.get(scope)?.get(key);
    const isCurrent = flight?.epoch === this.#writes.value && !flight.cancellation.isCancelled;
    return isCurrent ? flight : undefined;
  }

  #remove(scope: unknown, key: string, flight: Flight<Result>): void {
    const flights = this.#flights.get(scope);
    // A later flight may have replaced it.
    if (flights?.get(key) !== flight) return;
    flights.delete(key);
    if (flights.size === 0) this.#flights.delete(scope);
  }
}

/** Waits until the caller's own cancellation; the last caller who stops waiting cancels the work. */
function waitFor<Result>(flight: Flight<Result>, own: Cancellation | undefined): Promise<Result> {
  flight.waiting += 1;
  own?.onCancel(() => {
    flight.waiting -= 1;
    if (flight.waiting === 0) flight.cancellation.cancel();
  });
  return flight.result;
}
