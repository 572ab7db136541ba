import {
  parse,
  SingleFieldSubscriptionsRule,
  validate,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { MOST_TOKENS } from './limits.js';

/**
 * What is wrong with a document from which a query or mutation is to run, beside a subscription that has a condition with a
 * variable at its root. On that graphql's rule of one root field throws, so that validation has no verdict and Apollo Server
 * calls it a fault of the server. A text that cannot be parsed is no matter of this: whoever runs it says why.
 */
export function unreadableSubscription(
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
        'The document holds a subscription with @skip or @include at its root, which can be judged only with its variables. Send the operation that is to run alone.',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    };
  }
}

function documentWithSubscription(query: unknown): DocumentNode | undefined {
  if (typeof query !== 'string' || !query.includes('subscription')) return undefined;
  try {
    return parse(query, { maxTokens: MOST_TOKENS });
  } catch {
    return undefined;
  }
}
