/** Selects whether each change is a mark, under an alias that `withoutMarks` removes. */
export function selectingMarks(subscription: string): string {
  return subscription.replace(/(\w+Changed(?:\([^()]*\))?\s*\{)/, '$1 isMark: caughtUp ');
}

/** Leaves out marks, for tests that count changes. */
export function withoutMarks<Result extends { data?: Record<string, any> | null | undefined }>(
  results: AsyncIterableIterator<Result>,
): AsyncIterableIterator<Result> {
  const changes: AsyncIterableIterator<Result> = {
    async next() {
      for (;;) {
        const next = await results.next();
        if (next.done) return next;
        const [message] = Object.values(next.value.data ?? {});
        const isMark = message?.isMark as boolean | undefined;
        if (message) delete message.isMark;
        if (!isMark) return next;
      }
    },
    return: () => results.return!(),
    [Symbol.asyncIterator]: () => changes,
  };
  return changes;
}
