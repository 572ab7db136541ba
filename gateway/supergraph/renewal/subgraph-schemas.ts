import { ITSELF } from '../../core/service-identities.js';
import type { SubgraphSchema } from './composition.js';
import type { SubgraphSource } from '../../subgraph-http/subgraph-source.js';

const QUESTION = { query: '{ _service { sdl } }' };

/** What the subgraphs say of their schemas, each as it said last. */
export class SubgraphSchemas {
  readonly #sources: Readonly<Record<string, SubgraphSource>>;
  readonly #seen = new Map<string, string>();

  constructor(sources: Readonly<Record<string, SubgraphSource>>) {
    this.#sources = sources;
  }

  /** Those that said anything so far, in the order of the settings: composition keeps it, and so a text stays the same. */
  get seen(): SubgraphSchema[] {
    return Object.keys(this.#sources).flatMap((name) => {
      const sdl = this.#seen.get(name);
      return sdl === undefined ? [] : [{ name, sdl }];
    });
  }

  /** Asks them all. One that does not answer keeps what it said before; the circuit to it has its line in the log. */
  async ask(): Promise<void> {
    await Promise.allSettled(
      Object.entries(this.#sources).map(async ([name, source]) => {
        const { data } = await source.ask(QUESTION, ITSELF);
        const { sdl } = (data?.['_service'] ?? {}) as { sdl?: unknown };
        if (typeof sdl !== 'string') return;
        const before = this.#seen.get(name);
        if (before !== undefined && before !== sdl) source.schemaChanged();
        this.#seen.set(name, sdl);
      }),
    );
  }
}
