import {
  GraphQLError,
  parse,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  validate,
  type DocumentNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { SupergraphState } from '../../supergraph/supergraph-state.js';

/** What is wrong with an operation, for its sender. */
export class OperationRefused extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(code: string, errors: readonly GraphQLError[]) {
    super('The operation was refused.');
    this.errors = errors.map(
      ({ message, nodes = null, source = null, positions = null, path = null }) =>
        new GraphQLError(message, { nodes, source, positions, path, extensions: { code } }),
    );
  }
}

/** Asked later, of what is left when conditions are decided: on a condition with a variable the rule throws. */
const RULES = specifiedRules.filter((rule) => rule !== SingleFieldSubscriptionsRule);
const MOST_REMEMBERED = 1_000;

/** Parses and validates each text once per supergraph. */
export class ValidDocuments {
  readonly #known = new LRUCache<string, DocumentNode>({ max: MOST_REMEMBERED });

  /** Throws OperationRefused. */
  read({ epoch, schema }: SupergraphState, query: string): DocumentNode {
    const key = `${epoch} ${query}`;
    const known = this.#known.get(key);
    if (known) return known;
    const document = parsed(query);
    const errors = validate(schema, document, RULES);
    if (errors.length > 0) throw new OperationRefused('GRAPHQL_VALIDATION_FAILED', errors);
    this.#known.set(key, document);
    return document;
  }
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query);
  } catch (error) {
    throw new OperationRefused('GRAPHQL_PARSE_FAILED', [error as GraphQLError]);
  }
}
