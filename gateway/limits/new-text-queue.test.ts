import { MINUTE_MS } from '../../shared/time/rules.js';
import type { Caller } from '../core/caller.js';
import { NewTextQueue } from './new-text-queue.js';

const LIMITS = { waitingOperations: 3, operationWaitMs: MINUTE_MS };
const caller = (key: string): Caller => ({ key, isService: false });

test('a new text without others before it begins at once', () => {
  expect(new NewTextQueue(LIMITS).begin(caller('a'), 'text')).toBeUndefined();
});

test('callers with new texts are served round-robin, however many texts one of them sends', async () => {
  const queue = new NewTextQueue(LIMITS);
  const begun: string[] = [];
  const begin = async (key: string, text: string) => {
    await queue.begin(caller(key), text);
    begun.push(text);
  };
  await Promise.all([
    begin('a', 'a1'),
    begin('a', 'a2'),
    begin('a', 'a3'),
    begin('a', 'a4'),
    begin('b', 'b1'),
    begin('b', 'b2'),
  ]);
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'b2', 'a4']);
});

test('after a new text the process admits no other for twice as long as it took', async () => {
  const queue = new NewTextQueue(LIMITS);
  void queue.begin(caller('a'), 'text');
  const begunAt = performance.now();
  const next = queue.begin(caller('b'), 'text')!;
  while (performance.now() - begunAt < 20);
  await next;
  // Timers of Node.js count whole milliseconds.
  expect(performance.now() - begunAt).toBeGreaterThanOrEqual(59);
});

test('a caller with too many new texts that wait is refused, and others still wait', async () => {
  const queue = new NewTextQueue(LIMITS);
  void queue.begin(caller('a'), 'text');
  const waiting = [1, 2, 3].map(() => queue.begin(caller('a'), 'text'));
  await expect(queue.begin(caller('a'), 'text')).rejects.toMatchObject({
    extensions: { code: 'TOO_MUCH', http: { status: 429 } },
  });
  await Promise.all([...waiting, queue.begin(caller('b'), 'text')]);
});

test('a new text that waits too long is refused', async () => {
  const queue = new NewTextQueue({ waitingOperations: 3, operationWaitMs: 10 });
  void queue.begin(caller('a'), 'text');
  const late = queue.begin(caller('a'), 'text')!;
  const refusal = expect(late).rejects.toMatchObject({ extensions: { code: 'TOO_MUCH' } });
  const begunAt = performance.now();
  while (performance.now() - begunAt < 30);
  await refusal;
});

test('all requests that wait with the same text begin as soon as it is cached', async () => {
  const queue = new NewTextQueue(LIMITS);
  void queue.begin(caller('a'), 'first');
  const clients = ['b', 'c', 'd'].map(async (key) => queue.begin(caller(key), 'same'));
  let hasOtherBegun = false;
  const other = queue.begin(caller('b'), 'other')!.then(() => (hasOtherBegun = true));
  queue.release('same');
  await Promise.all(clients);
  expect(hasOtherBegun).toBe(false);
  await other;
});
