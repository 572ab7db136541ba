/**
 * Creates an async generator that yields nothing and only ends: for results that reach their client directly, while the
 * protocol library still reports when the subscription completes or fails. Written by hand: a waiting generator would not
 * react to `return()`.
 */
export function endingGenerator(onReturn: () => void) {
  let finish = (): void => {};
  let fail: (error: Error) => void = () => {};
  const ended = new Promise<IteratorReturnResult<undefined>>((resolve, reject) => {
    finish = () => resolve({ done: true, value: undefined });
    fail = reject;
  });
  ended.catch(() => {}); // it may fail before it is awaited
  const generator: AsyncGenerator<never, undefined, undefined> = {
    next: () => ended,
    return: () => {
      onReturn();
      finish();
      return ended;
    },
    throw: (error: Error) => {
      onReturn();
      fail(error);
      return ended;
    },
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => {
      await generator.return(undefined);
    },
  };
  return { generator, finish, fail };
}
