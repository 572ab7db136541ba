import { Cancellation, CancellationError } from '../../shared/cancellation/cancellation.js';
import { WriteEpoch } from './write-epoch.js';
import { SingleFlight } from './single-flight.js';

/** Work that ends only when it is cancelled, and how often it was begun. */
function endless() {
  const begun: Cancellation[] = [];
  const work = (cancellation: Cancellation) => {
    begun.push(cancellation);
    return new Promise<string>((_, reject) => {
      cancellation.onCancel(() => reject(new CancellationError()));
    });
  };
  return { begun, work };
}

const singleFlight = () => new SingleFlight<string>(new WriteEpoch(), () => false);

test('work is cancelled when the last who waits for it leaves', async () => {
  const shared = singleFlight();
  const { begun, work } = endless();
  const [ina, tom] = [new Cancellation(), new Cancellation()];
  const first = shared.begin('whole', 'part', work, ina);
  const second = shared.join('whole', 'part', work, tom)!;
  ina.cancel();
  expect(begun[0]!.isCancelled).toBe(false);
  tom.cancel();
  expect(begun[0]!.isCancelled).toBe(true);
  await expect(first).rejects.toThrow(CancellationError);
  // Failed work is done again for callers who joined, but not for one who has left.
  await expect(second).rejects.toThrow(CancellationError);
  expect(begun).toHaveLength(1);
});

test('work is not cancelled while somebody waits who cannot leave', () => {
  const shared = singleFlight();
  const { begun, work } = endless();
  const ina = new Cancellation();
  void shared.begin('whole', 'part', work);
  void shared.join('whole', 'part', work, ina);
  ina.cancel();
  expect(begun[0]!.isCancelled).toBe(false);
});

test('nobody joins work that is cancelled', async () => {
  const shared = singleFlight();
  const { work } = endless();
  const ina = new Cancellation();
  const begun = shared.begin('whole', 'part', work, ina);
  ina.cancel();
  expect(shared.join('whole', 'part', work)).toBeUndefined();
  await expect(begun).rejects.toThrow(CancellationError);
});
