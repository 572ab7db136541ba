import type { ExecutionResult } from 'graphql';
import type { Cancellation } from '../../../shared/cancellation/cancellation.js';
import type { SingleResult } from './single-operation.js';
import { SubscriptionFailed } from './subscription-failure.js';

/**
 * A stream of the one result of a query or mutation. When its client does not want it any more, or is gone, `return` is
 * called and cancels it. Written by hand: a generator that waits would not hear that.
 */
export function singleResult(
  running: Promise<SingleResult>,
  cancellation: Cancellation,
): AsyncGenerator<ExecutionResult, undefined, undefined> {
  let isTaken = false;
  let end = () => {};
  const ended = new Promise<IteratorReturnResult<undefined>>((resolve) => {
    end = () => resolve({ done: true, value: undefined });
  });
  const result = running.then((answer): IteratorYieldResult<ExecutionResult> => {
    // Without data it was not run, and the protocol has a message of its own for that.
    if (answer.data === undefined) throw new SubscriptionFailed(answer.errors ?? []);
    return { done: false, value: answer as ExecutionResult };
  });
  result.catch(() => {}); // it may fail when nobody waits any more
  const generator: AsyncGenerator<ExecutionResult, undefined, undefined> = {
    next: () => {
      if (isTaken) end();
      else isTaken = true;
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
