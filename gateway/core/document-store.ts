import { createHash } from 'node:crypto';
import { printSchema, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Characters of all texts together; read, a text takes about a hundred times its length in memory. */
const MOST_CHARACTERS = 1_000_000;

/** Operations that were read and found valid, as Apollo Server keeps them: by schema and by text, both as hashes. */
export class Documents {
  readonly #known = new LRUCache<string, DocumentNode>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ loc }) => 1 + (loc?.end ?? 0),
  });

  // The three that Apollo Server calls are asynchronous, because it knows stores on other machines.
  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#known.get(key);
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    this.#known.set(key, document);
  }

  async delete(key: string): Promise<boolean> {
    return this.#known.delete(key);
  }

  /** Says beforehand that a text is valid under a schema. */
  remember(schemaPrefix: string, queryHash: string, document: DocumentNode): void {
    this.#known.set(schemaPrefix + queryHash, document);
  }
}

/** What keys of a schema begin with. One that is not what Apollo Server calls it is found by nobody, and does no harm. */
export function documentPrefix(schema: GraphQLSchema): string {
  return `${createHash('sha256').update(printSchema(schema)).digest('hex')}:`;
}
