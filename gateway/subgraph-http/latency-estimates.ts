import { LRUCache } from 'lru-cache';

const MOST_REMEMBERED = 2_000;
/** How much one answer counts against those before it, and one question against all others. */
const WEIGHT_OF_LAST = 0.1;
const WEIGHT_AMONG_ALL = 0.02;
/** The clock tells no shorter ones apart. */
const SHORTEST_MS = 0.001;
/** Below this nobody is slow. */
const QUICK_MS = 5;
/** So many times as long as what the subgraph is asked otherwise. */
const SLOW_FACTOR = 4;
/** So often a question goes with others before it is looked at again how long it takes alone. */
const TOGETHER_BEFORE_NEXT_LOOK = 100;

interface Usual {
  ms: number;
  /** How often it went with others since it last went alone to be looked at. */
  together: number;
}

/**
 * How long a subgraph usually takes for each question, by its text without variables. Learned only from questions that were
 * sent alone: of those that go together all take as long as the slowest.
 */
export class UsualTimes {
  readonly #byQuery = new LRUCache<string, Usual>({ max: MOST_REMEMBERED });
  /** The natural logarithm of what all take, each as often as it is asked; a few slow ones move it little. */
  #all = 0;
  #askings = 0;

  /** It was sent alone and took so long. */
  took(query: string, ms: number): void {
    const usual = this.#byQuery.get(query);
    if (usual) {
      usual.ms += (ms - usual.ms) * WEIGHT_OF_LAST;
    } else {
      this.#byQuery.set(query, { ms, together: 0 });
      this.#asked(ms);
    }
  }

  /**
   * Whether this question, which is about to be sent, goes alone: since nobody knows how long it takes, since it is time to
   * look again, or since it takes so much longer than the others that they would wait for it. Only against the others, since
   * what is waited for under load is the queue.
   */
  goesAlone(query: string): boolean {
    const usual = this.#byQuery.get(query);
    if (!usual) return true;
    this.#asked(usual.ms);
    if (usual.ms > QUICK_MS && usual.ms > Math.exp(this.#all) * SLOW_FACTOR) return true;
    usual.together += 1;
    if (usual.together <= TOGETHER_BEFORE_NEXT_LOOK) return false;
    // One is enough: those that are asked before it is answered go together again.
    usual.together = 0;
    return true;
  }

  #asked(ms: number): void {
    this.#askings += 1;
    const weight = Math.max(WEIGHT_AMONG_ALL, 1 / this.#askings);
    this.#all += (Math.log(Math.max(ms, SHORTEST_MS)) - this.#all) * weight;
  }
}
