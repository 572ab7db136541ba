import { request } from 'undici';
import { readinessOf } from '../../shared/http/index.js';

const TIMEOUT_MS = 2_000;

/** Checks the readiness of subgraphs, at most once a second, however many requests arrive. */
export class SubgraphReadiness {
  readonly #isReady: ReadonlyMap<string, () => Promise<boolean>>;

  constructor(urls: Readonly<Record<string, string>>) {
    this.#isReady = new Map(
      Object.entries(urls).map(([name, url]) => [name, readinessOf(() => check(url))]),
    );
  }

  /** Returns the subgraphs that are not ready, or do not answer. */
  async unready(): Promise<ReadonlySet<string>> {
    const checks = [...this.#isReady].map(async ([name, isReady]) => ({
      name,
      isUp: await isReady(),
    }));
    const unready = (await Promise.all(checks)).filter(({ isUp }) => !isUp);
    return new Set(unready.map(({ name }) => name));
  }
}

/** A subgraph without such a page, perhaps a partner's, is ready if it answers. */
async function check(url: string): Promise<void> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const { statusCode, body } = await request(new URL('/readyz', url), { signal });
  await body.dump();
  if (statusCode >= 500) throw new Error(`the subgraph is not ready: ${statusCode}`);
}
