import { getOperationAST, parse } from 'graphql';
import { MOST_TOKENS } from './limits.js';

/** Whether the operation a request means is a subscription. A text that cannot be parsed is none: whoever runs it says why. */
export function isSubscription(query: unknown, operationName?: unknown): boolean {
  if (typeof query !== 'string' || !query.includes('subscription')) return false;
  try {
    const name = typeof operationName === 'string' ? operationName : undefined;
    return (
      getOperationAST(parse(query, { maxLexicalTokens: MOST_TOKENS }), name)?.operation ===
      'subscription'
    );
  } catch {
    return false;
  }
}
