import {
  GraphQLError,
  parse,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  validate,
  type DocumentNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { SupergraphState } from '../../supergraph/index.js';

/** The errors of an operation, for its caller. */
export class OperationRefusal extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(code: string, errors: readonly GraphQLError[]) {
    super('The operation was refused.');
    this.errors = errors.map(
      ({ message, nodes = null, source = null, positions = null, path = null }) =>
        new GraphQLError(message, { nodes, source, positions, path, extensions: { code } }),
    );
  }
}

/** All rules but one, which is applied once conditions are evaluated: it throws on a condition with a variable. */
const RULES = specifiedRules.filter((rule) => rule !== SingleFieldSubscriptionsRule);
const MAX_REMEMBERED = 1_000;

/** Parses and validates each text once per supergraph. */
export class ValidDocuments {
  readonly #known = new LRUCache<string, DocumentNode>({ max: MAX_REMEMBERED });

  /** Throws OperationRefusal. */
  read({ epoch, schema }: SupergraphState, query: string): DocumentNode {
    const key = `${epoch} ${query}`;
    const known = this.#known.get(key);
    if (known) return known;
    const document = parsed(query);
    const errors = validate(schema, document, RULES);
    if (errors.length > 0) throw new OperationRefusal('GRAPHQL_VALIDATION_FAILED', errors);
    this.#known.set(key, document);
    return document;
  }
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query);
  } catch (error) {
    throw new OperationRefusal('GRAPHQL_PARSE_FAILED', [error as GraphQLError]);
  }
}
