import { getOperationAST, parse } from 'graphql';
import { MAX_TOKENS } from './limits.js';

/** Whether a request selects a subscription. False for a text that cannot be parsed: its execution reports why. */
export function isSubscription(query: unknown, operationName?: unknown): boolean {
  if (typeof query !== 'string' || !query.includes('subscription')) return false;
  try {
    const name = typeof operationName === 'string' ? operationName : undefined;
    return (
      getOperationAST(parse(query, { maxLexicalTokens: MAX_TOKENS }), name)?.operation ===
      'subscription'
    );
  } catch {
    return false;
  }
}
