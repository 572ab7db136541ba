import { Cancellation, CancellationError } from '../cancellation/cancellation.js';
import { HeavyReadSlots, OtherRequest } from './heavy-read-slots.js';

test('heavy reads run one at a time, in the order in which they arrived', async () => {
  const slots = new HeavyReadSlots();
  const begun: number[] = [];
  const ends = [1, 2, 3].map((number) =>
    slots.acquire().then((end) => {
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
  const slots = new HeavyReadSlots();
  const requests = [new OtherRequest(slots), new OtherRequest(slots)];
  let hasBegun = false;
  const acquired = slots.acquire().then(() => (hasBegun = true));
  requests[0]!.over();
  await new Promise((resolve) => setImmediate(resolve));
  expect(hasBegun).toBe(false);
  requests[1]!.over();
  requests[1]!.over();
  await acquired;
});

test('a request does not wait for itself', async () => {
  const slots = new HeavyReadSlots();
  const request = new OtherRequest(slots);
  request.heavyBegins();
  request.heavyBegins();
  const first = await slots.acquire();
  first();
  request.heavyEnds();
  const second = await slots.acquire();
  second();
});

test('a heavy read runs beside others that never end', async () => {
  const slots = new HeavyReadSlots();
  const request = new OtherRequest(slots);
  (await slots.acquire())();
  request.over();
});

test('a heavy read that gets no slot in time is refused with TOO_MUCH', async () => {
  const slots = new HeavyReadSlots();
  const end = await slots.acquire();
  await expect(slots.acquire()).rejects.toMatchObject({ extensions: { code: 'TOO_MUCH' } });
  end();
});

test('a heavy read that nobody waits for any more takes no turn', async () => {
  const slots = new HeavyReadSlots();
  const end = await slots.acquire();
  const cancellation = new Cancellation();
  const left = slots.acquire(cancellation);
  const next = slots.acquire();
  cancellation.cancel();
  await expect(left).rejects.toThrow(CancellationError);
  end();
  await next;
});

test('where another request arrived lately, the next heavy read waits twice as long as the last one took', async () => {
  const slots = new HeavyReadSlots();
  new OtherRequest(slots).over();
  const end = await slots.acquire();
  const begunAt = performance.now();
  const next = slots.acquire();
  while (performance.now() - begunAt < 20);
  end();
  (await next)();
  // Timers of Node.js count whole milliseconds.
  expect(performance.now() - begunAt).toBeGreaterThanOrEqual(59);
});

test('where no other request arrived lately, the next heavy read begins at once', async () => {
  const slots = new HeavyReadSlots();
  const end = await slots.acquire();
  const begunAt = performance.now();
  while (performance.now() - begunAt < 20);
  let hasBegun = false;
  const next = slots.acquire().then((endNext) => {
    hasBegun = true;
    return endNext;
  });
  end();
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(hasBegun).toBe(true);
  (await next)();
});
