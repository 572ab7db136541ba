import type { ExecutionResult } from 'graphql';
import type { Cancellation } from '../../../shared/cancellation/index.js';
import type { SingleResult } from './single-operation.js';
import { SubscriptionFailure } from './subscription-failure.js';

/**
 * Creates a stream of the one result of a query or mutation. `return`, which is called when its client cancels or disconnects,
 * cancels the operation. Written by hand: a waiting generator would not react to `return`.
 */
export function singleResult(
  running: Promise<SingleResult>,
  cancellation: Cancellation,
): AsyncGenerator<ExecutionResult, undefined, undefined> {
  let isDelivered = false;
  let end = () => {};
  const ended = new Promise<IteratorReturnResult<undefined>>((resolve) => {
    end = () => resolve({ done: true, value: undefined });
  });
  const result = running.then((response): IteratorYieldResult<ExecutionResult> => {
    // Without data it was not executed, for which the protocol has a message of its own.
    if (response.data === undefined) throw new SubscriptionFailure(response.errors ?? []);
    return { done: false, value: response as ExecutionResult };
  });
  result.catch(() => {}); // it may fail when nobody awaits it any more
  const generator: AsyncGenerator<ExecutionResult, undefined, undefined> = {
    next: () => {
      if (isDelivered) end();
      else isDelivered = true;
      return Promise.race([ended, result]);
    },
    return: () => {
      cancellation.cancel();
      end();
      return ended;
    },
    throw: () => generator.return(undefined),
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => {
      await generator.return(undefined);
    },
  };
  return generator;
}
