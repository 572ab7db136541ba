import {
  parse,
  SingleFieldSubscriptionsRule,
  validate,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { MAX_TOKENS } from './limits.js';

/**
 * Returns the error for a document that selects a query or mutation beside a subscription whose root has a condition on a
 * variable. graphql's rule of one root field throws on such a condition, so that validation ends without a result and Apollo
 * Server reports a fault of the server. Ignores a text that cannot be parsed: its execution reports why.
 */
export function undecidableSubscription(
  schema: GraphQLSchema,
  query: unknown,
): GraphQLFormattedError | undefined {
  const document = documentWithSubscription(query);
  if (!document) return undefined;
  try {
    validate(schema, document, [SingleFieldSubscriptionsRule]);
    return undefined;
  } catch {
    return {
      message:
        'The document holds a subscription with @skip or @include at its root, which can be validated only with its variables. Send only the operation that is to run.',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    };
  }
}

function documentWithSubscription(query: unknown): DocumentNode | undefined {
  if (typeof query !== 'string' || !query.includes('subscription')) return undefined;
  try {
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch {
    return undefined;
  }
}
