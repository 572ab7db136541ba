import { Cancellation, Cancelled } from '../cancellation/cancellation.js';
import { HeavyTurns, OtherRequest } from './heavy-turns.js';

test('heavy reads run one at a time, in the order in which they came', async () => {
  const turns = new HeavyTurns();
  const begun: number[] = [];
  const ends = [1, 2, 3].map((number) =>
    turns.take().then((end) => {
      begun.push(number);
      return end;
    }),
  );
  const end = await ends[0]!;
  expect(begun).toEqual([1]);
  end();
  end(); // once is enough
  (await ends[1]!)();
  await ends[2]!;
  expect(begun).toEqual([1, 2, 3]);
});

test('a heavy read begins when the last other request has ended', async () => {
  const turns = new HeavyTurns();
  const requests = [new OtherRequest(turns), new OtherRequest(turns)];
  let hasBegun = false;
  const taken = turns.take().then(() => (hasBegun = true));
  requests[0]!.over();
  await new Promise((resolve) => setImmediate(resolve));
  expect(hasBegun).toBe(false);
  requests[1]!.over();
  requests[1]!.over();
  await taken;
});

test('a request does not wait for itself', async () => {
  const turns = new HeavyTurns();
  const request = new OtherRequest(turns);
  request.heavyBegins();
  request.heavyBegins();
  const first = await turns.take();
  first();
  request.heavyEnds();
  const second = await turns.take();
  second();
});

test('a heavy read runs beside others that never end', async () => {
  const turns = new HeavyTurns();
  const request = new OtherRequest(turns);
  (await turns.take())();
  request.over();
});

test('a heavy read that does not get its turn is refused with TOO_MUCH', async () => {
  const turns = new HeavyTurns();
  const end = await turns.take();
  await expect(turns.take()).rejects.toMatchObject({ extensions: { code: 'TOO_MUCH' } });
  end();
});

test('what nobody waits for any more takes no turn', async () => {
  const turns = new HeavyTurns();
  const end = await turns.take();
  const cancellation = new Cancellation();
  const left = turns.take(cancellation);
  const next = turns.take();
  cancellation.cancel();
  await expect(left).rejects.toThrow(Cancelled);
  end();
  await next;
});

test('where another request came lately, the next heavy read waits twice as long as the last one took', async () => {
  const turns = new HeavyTurns();
  new OtherRequest(turns).over();
  const end = await turns.take();
  const begunAt = performance.now();
  const next = turns.take();
  while (performance.now() - begunAt < 20);
  end();
  (await next)();
  // Timers of Node.js count whole milliseconds.
  expect(performance.now() - begunAt).toBeGreaterThanOrEqual(59);
});

test('where no other request came lately, the next heavy read begins at once', async () => {
  const turns = new HeavyTurns();
  const end = await turns.take();
  const begunAt = performance.now();
  while (performance.now() - begunAt < 20);
  let hasBegun = false;
  const next = turns.take().then((endNext) => {
    hasBegun = true;
    return endNext;
  });
  end();
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(hasBegun).toBe(true);
  (await next)();
});
