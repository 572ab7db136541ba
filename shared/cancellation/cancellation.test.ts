import { Cancellation, CancellationError } from './cancellation.js';

test('every listener is called once, when the work is cancelled', () => {
  const cancellation = new Cancellation();
  const calls: string[] = [];
  for (const name of ['first', 'second', 'third']) cancellation.onCancel(() => calls.push(name));
  expect(calls).toEqual([]);
  cancellation.cancel();
  cancellation.cancel();
  expect(calls).toEqual(['first', 'second', 'third']);
});

test('a listener that is added after the cancellation is called at once', () => {
  const cancellation = new Cancellation();
  cancellation.cancel();
  let isCalled = false;
  cancellation.onCancel(() => (isCalled = true));
  expect(isCalled).toBe(true);
});

test('a listener that was removed is not called', () => {
  const cancellation = new Cancellation();
  const calls: string[] = [];
  const removals = ['first', 'second'].map((name) => cancellation.onCancel(() => calls.push(name)));
  cancellation.onCancel(() => calls.push('third'));
  for (const remove of removals) remove();
  cancellation.cancel();
  expect(calls).toEqual(['third']);
});

test('work that checks ends with an error that is no fault', () => {
  const cancellation = new Cancellation();
  expect(() => cancellation.check()).not.toThrow();
  cancellation.cancel();
  expect(cancellation.isCancelled).toBe(true);
  expect(() => cancellation.check()).toThrow(CancellationError);
  expect(new CancellationError().extensions).toEqual({ code: 'CANCELLED' });
});
