import { LRUCache } from 'lru-cache';

const MAX_REMEMBERED = 2_000;
/** Weight of a new latency against the estimate of its query, and of one request against the average of all. */
const WEIGHT_OF_LAST = 0.1;
const WEIGHT_IN_AVERAGE = 0.02;
/** The resolution of the clock. */
const SHORTEST_MS = 0.001;
/** A query below this latency never counts as slow. */
const QUICK_MS = 5;
/** A query is slow from this multiple of the subgraph's average on. */
const SLOW_FACTOR = 4;
/** Batches that a query joins before it is sent alone again to measure it. */
const BATCHES_BETWEEN_SAMPLES = 100;

interface Estimate {
  ms: number;
  /** How often the query was batched since it was last measured. */
  batched: number;
}

/**
 * Estimates the latency of a subgraph for each query, by its text without variables. Learns only from requests that were sent
 * alone: all requests of a batch take as long as the slowest.
 */
export class LatencyEstimates {
  readonly #byQuery = new LRUCache<string, Estimate>({ max: MAX_REMEMBERED });
  /** The natural logarithm of the average over all requests; a few slow ones hardly move it. */
  #average = 0;
  #samples = 0;

  /** Records the latency of a request that was sent alone. */
  record(query: string, ms: number): void {
    const estimate = this.#byQuery.get(query);
    if (estimate) {
      estimate.ms += (ms - estimate.ms) * WEIGHT_OF_LAST;
    } else {
      this.#byQuery.set(query, { ms, batched: 0 });
      this.#addToAverage(ms);
    }
  }

  /**
   * Whether a request that is about to be sent bypasses the batch: its latency is unknown, it is time to measure it again, or
   * it takes so much longer than the others that they would wait for it. Compared with the others only, because under load
   * every request waits in the queue.
   */
  bypassesBatch(query: string): boolean {
    const estimate = this.#byQuery.get(query);
    if (!estimate) return true;
    this.#addToAverage(estimate.ms);
    if (estimate.ms > QUICK_MS && estimate.ms > Math.exp(this.#average) * SLOW_FACTOR) return true;
    estimate.batched += 1;
    if (estimate.batched <= BATCHES_BETWEEN_SAMPLES) return false;
    // One sample is enough: requests that are sent before its response are batched again.
    estimate.batched = 0;
    return true;
  }

  #addToAverage(ms: number): void {
    this.#samples += 1;
    const weight = Math.max(WEIGHT_IN_AVERAGE, 1 / this.#samples);
    this.#average += (Math.log(Math.max(ms, SHORTEST_MS)) - this.#average) * weight;
  }
}
