import { request } from 'undici';
import { readinessOf } from '../../shared/http/readiness.js';

const WITHIN_MS = 2_000;

/** Asks subgraphs whether they are ready, at most once a second, however many ask the gateway. */
export class SubgraphReadiness {
  readonly #isReady: ReadonlyMap<string, () => Promise<boolean>>;

  constructor(urls: Readonly<Record<string, string>>) {
    this.#isReady = new Map(
      Object.entries(urls).map(([name, url]) => [name, readinessOf(() => ask(url))]),
    );
  }

  /** Those that are not ready, or do not answer. */
  async away(): Promise<ReadonlySet<string>> {
    const asked = [...this.#isReady].map(async ([name, isReady]) => ({
      name,
      is: await isReady(),
    }));
    return new Set((await Promise.all(asked)).filter(({ is }) => !is).map(({ name }) => name));
  }
}

/** One that has no such page, as that of a partner may not, is ready if it answers. */
async function ask(url: string): Promise<void> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  const { statusCode, body } = await request(new URL('/readyz', url), { signal });
  await body.dump();
  if (statusCode >= 500) throw new Error(`the subgraph is not ready: ${statusCode}`);
}
