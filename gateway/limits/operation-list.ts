import { readFileSync } from 'node:fs';
import { SettingsError } from '../../shared/env.js';
import { LimitError } from './limit-error.js';

/** An operation as a client sent it, over any transport; nothing of it is trusted. */
export interface SentOperation {
  query?: unknown;
  extensions?: unknown;
}

interface Manifest {
  format: string;
  version: number;
  operations: { id: string; body: string }[];
}

/** The only operations that a hub in production runs. */
export class OperationList {
  readonly #bodies: ReadonlyMap<string, string>;
  readonly #listed: ReadonlySet<string>;

  constructor(operations: readonly { id: string; body: string }[]) {
    this.#bodies = new Map(operations.map(({ id, body }) => [id, body]));
    this.#listed = new Set(this.#bodies.values());
  }

  /** As Apollo Server's cache of persisted queries, which looks up ids itself. Requests add nothing to it. */
  get asCache() {
    return {
      get: (key: string) => Promise.resolve(this.#bodies.get(key.replace(/^apq:/, ''))),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(false),
    };
  }

  /** Returns the text of a sent operation: its own when it is listed, or that of its id. Throws LimitError. */
  textOf({ query, extensions }: SentOperation): string {
    if (typeof query === 'string' && query !== '') {
      if (this.#listed.has(query)) return query;
      throw notListed('this text is not, as it stands');
    }
    const id = persistedId(extensions);
    if (id === undefined) throw notListed('neither a text nor an id was sent');
    const body = this.#bodies.get(id);
    if (body === undefined) throw notListed(`the id ${JSON.stringify(id.slice(0, 80))} is not`);
    return body;
  }
}

function notListed(reason: string): LimitError {
  const message = `This hub runs only the operations of its list, and ${reason}. Send the id of one as extensions.persistedQuery.sha256Hash, or have the hub's operators list yours.`;
  return new LimitError(message, { status: 400 }, 'PERSISTED_QUERY_NOT_IN_LIST');
}

function persistedId(extensions: unknown): string | undefined {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: unknown };
  const { sha256Hash } = (persistedQuery ?? {}) as { sha256Hash?: unknown };
  return typeof sha256Hash === 'string' ? sha256Hash : undefined;
}

/** Reads a manifest as `generate-persisted-query-manifest` of Apollo writes it. Throws SettingsError. */
export function readOperationList(file: string): OperationList {
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest>;
  } catch (error) {
    throw new SettingsError(
      `PERSISTED_OPERATIONS names ${file}, which cannot be read as JSON: ${(error as Error).message}`,
    );
  }
  const { format, version, operations } = manifest;
  const isManifest = format === 'apollo-persisted-query-manifest' && version === 1;
  if (!isManifest || !Array.isArray(operations) || !operations.every(hasIdAndBody)) {
    throw new SettingsError(
      `PERSISTED_OPERATIONS names ${file}, which is no manifest: expected {"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id","name","type","body"}]}.`,
    );
  }
  return new OperationList(operations);
}

function hasIdAndBody(entry: unknown): boolean {
  const { id, body } = (entry ?? {}) as { id?: unknown; body?: unknown };
  return typeof id === 'string' && typeof body === 'string';
}
