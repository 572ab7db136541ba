import { createHash } from 'node:crypto';
import { printSchema, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Characters of all texts together; a parsed text takes about a hundred times its length in memory. */
const MAX_CHARACTERS = 1_000_000;

/** Parsed and valid operations in the form of Apollo Server's document store: by the hashes of schema and text. */
export class DocumentStore {
  readonly #known = new LRUCache<string, DocumentNode>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: ({ loc }) => 1 + (loc?.end ?? 0),
  });

  // The three methods that Apollo Server calls are asynchronous, because it supports stores on other machines.
  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#known.get(key);
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    this.#known.set(key, document);
  }

  async delete(key: string): Promise<boolean> {
    return this.#known.delete(key);
  }

  /** Adds a text that is known to be valid under a schema before a client sends it. */
  remember(schemaPrefix: string, queryHash: string, document: DocumentNode): void {
    this.#known.set(schemaPrefix + queryHash, document);
  }
}

/** The prefix of the keys of a schema. If Apollo Server used another one, the entries would be unused and harmless. */
export function documentPrefix(schema: GraphQLSchema): string {
  return `${createHash('sha256').update(printSchema(schema)).digest('hex')}:`;
}
