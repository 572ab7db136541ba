import type { InternalIdentity } from '../../../shared/identity/index.js';
import { GATEWAY_IDENTITY, type SubgraphResponse } from '../../core/index.js';
import type { SubgraphSchema } from './composition.js';

/** A subgraph whose schema is polled. */
export interface SchemaSource {
  /** Resolves to the unchanged response. Rejects with the reason why there is none. */
  fetchRaw(request: { query: string }, identity: InternalIdentity): Promise<SubgraphResponse>;
  /** Forgets what was learned about a subgraph with another schema. */
  schemaChanged(): void;
}

const SDL_REQUEST = { query: '{ _service { sdl } }' };

/** The schema of each subgraph, as the subgraph last reported it. */
export class SubgraphSchemas {
  readonly #sources: Readonly<Record<string, SchemaSource>>;
  readonly #sdl = new Map<string, string>();

  constructor(sources: Readonly<Record<string, SchemaSource>>) {
    this.#sources = sources;
  }

  /** The schemas reported so far, in the order of the settings: composition keeps the order, so that its text is stable. */
  get known(): SubgraphSchema[] {
    return Object.keys(this.#sources).flatMap((name) => {
      const sdl = this.#sdl.get(name);
      return sdl === undefined ? [] : [{ name, sdl }];
    });
  }

  /** Requests all schemas. A subgraph that does not answer keeps its last one; its circuit writes the line in the log. */
  async poll(): Promise<void> {
    await Promise.allSettled(
      Object.entries(this.#sources).map(async ([name, source]) => {
        const { data } = await source.fetchRaw(SDL_REQUEST, GATEWAY_IDENTITY);
        const { sdl } = (data?.['_service'] ?? {}) as { sdl?: unknown };
        if (typeof sdl !== 'string') return;
        const before = this.#sdl.get(name);
        if (before !== undefined && before !== sdl) source.schemaChanged();
        this.#sdl.set(name, sdl);
      }),
    );
  }
}
