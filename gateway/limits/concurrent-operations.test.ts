import { Cancellation, CancellationError } from '../../shared/cancellation/cancellation.js';
import { limitsWith } from './limits.js';
import { ConcurrentOperations } from './concurrent-operations.js';

const ina = { key: 'subject ina', isService: false };
const tom = { key: 'subject tom', isService: false };
const system = { key: 'subject system', isService: true };

function operationsUnderWay(limits = {}) {
  return new ConcurrentOperations({ ...limitsWith(), ...limits });
}

/** Begins `count` operations that run at once. */
function occupy(operations: ConcurrentOperations, caller: typeof ina, count: number) {
  for (let n = 0; n < count; n++) expect(operations.begin(caller)).toBeUndefined();
}

test('a caller has four operations under way, and the fifth waits for one of them', async () => {
  const operations = operationsUnderWay();
  occupy(operations, ina, 4);
  const begun: string[] = [];
  const fifth = operations.begin(ina)?.then(() => begun.push('fifth'));
  const sixth = operations.begin(ina)?.then(() => begun.push('sixth'));
  operations.end(ina);
  await fifth;
  expect(begun).toEqual(['fifth']);
  operations.end(ina);
  await sixth;
  expect(begun).toEqual(['fifth', 'sixth']);
  expect(operations.longestQueue).toBe(2);
  expect(operations.waiting).toBe(0);
});

test('callers wait for nobody but themselves', () => {
  const operations = operationsUnderWay();
  occupy(operations, ina, 4);
  expect(operations.begin(tom)).toBeUndefined();
});

test('a service has 32 operations under way', async () => {
  const operations = operationsUnderWay();
  occupy(operations, system, 32);
  const next = operations.begin(system);
  expect(next).toBeDefined();
  operations.end(system);
  await next;
});

test('an operation that ends makes room, however often', () => {
  const operations = operationsUnderWay();
  for (let n = 0; n < 10; n++) {
    occupy(operations, ina, 4);
    for (let ended = 0; ended < 4; ended++) operations.end(ina);
  }
});

test('one more than may wait is refused with TOO_MUCH', async () => {
  const operations = operationsUnderWay({ waitingOperations: 2 });
  occupy(operations, ina, 4);
  const waiting = [operations.begin(ina), operations.begin(ina)];
  await expect(operations.begin(ina)).rejects.toMatchObject({
    message: expect.stringContaining('2 more wait already'),
    extensions: { code: 'TOO_MUCH', http: { status: 429 } },
  });
  operations.end(ina);
  operations.end(ina);
  for (const one of waiting) await one;
});

test('an operation that waits too long is refused with TOO_MUCH, and costs no other a slot', async () => {
  const operations = operationsUnderWay({ operationWaitMs: 10 });
  occupy(operations, ina, 4);
  await expect(operations.begin(ina)).rejects.toMatchObject({ extensions: { code: 'TOO_MUCH' } });
  for (let ended = 0; ended < 4; ended++) operations.end(ina);
  occupy(operations, ina, 4);
});

test('an operation that nobody waits for any more leaves the queue', async () => {
  const operations = operationsUnderWay();
  occupy(operations, ina, 4);
  const cancellation = new Cancellation();
  const left = operations.begin(ina, cancellation);
  const next = operations.begin(ina);
  cancellation.cancel();
  await expect(left).rejects.toThrow(CancellationError);
  operations.end(ina);
  await next;
});
