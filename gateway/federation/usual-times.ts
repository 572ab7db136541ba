import { LRUCache } from 'lru-cache';

const MOST_REMEMBERED = 2_000;
/** How much one answer counts against those before it. */
const WEIGHT_OF_LAST = 0.1;
/** Below this nobody is slow. */
const QUICK_MS = 5;
/** So many times as long as what the subgraph is asked otherwise. */
const SLOW_FACTOR = 4;

/** How long a subgraph usually takes for each question, by its text without variables. */
export class UsualTimes {
  readonly #byQuery = new LRUCache<string, number>({ max: MOST_REMEMBERED });
  #all = 0;

  took(query: string, ms: number): void {
    this.#byQuery.set(query, moved(this.#byQuery.get(query) ?? ms, ms));
    this.#all = moved(this.#all || ms, ms);
  }

  /**
   * Whether those who go with this question would wait for it. Only against the others, since what is waited for under load
   * is the queue.
   */
  isSlow(query: string): boolean {
    const usual = this.#byQuery.get(query) ?? 0;
    return usual > QUICK_MS && usual > this.#all * SLOW_FACTOR;
  }
}

const moved = (usual: number, last: number): number => usual + (last - usual) * WEIGHT_OF_LAST;
