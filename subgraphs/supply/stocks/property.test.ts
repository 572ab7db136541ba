import fc from 'fast-check';
import type { BookingKind } from '../generated/graphql.js';
import { facilitiesIn } from '../testing/facilities.js';
import { newOrganisation } from '../testing/organisations.js';
import { bookAllRaw, booking, book, unbalanced } from '../testing/stocks.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';

let world: SupplyWorld;
let facilities: string[];
let organisation: string;
/** Acts for all holders of the test. */
let who: TestIdentity;
beforeAll(async () => {
  world = await supplyWorld();
  facilities = await facilitiesIn(world, '05', 3);
  organisation = await newOrganisation(world);
  who = { role: 'hospital', facilities, organisations: [organisation] };
});
beforeEach(() => world.pool.query('TRUNCATE stock, stock_batch, stock_booking, batch_recall'));
afterAll(() => world.close());

const holderOf = (n: number) => (n < 3 ? { facility: facilities[n]! } : { organisation });
const targetOf = (n: number) =>
  n < 3 ? { toFacility: facilities[n]! } : { toOrganisation: organisation };

interface Action {
  kind: BookingKind;
  holder: number;
  target: number;
  batch: string | null;
  /** In thousandths. */
  quantity: number;
}

const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom('RECEIPT', 'RECEIPT', 'ISSUE', 'COUNT', 'CORRECTION', 'RELOCATION'),
  holder: fc.nat(3),
  target: fc.nat(3),
  batch: fc.constantFrom(null, 'A1', 'A2'),
  quantity: fc.integer({ min: -2_000, max: 9_999 }),
});

const bookingOf = ({ kind, holder, target, batch, quantity }: Action) =>
  booking({
    ...holderOf(holder),
    ...(kind === 'RELOCATION' ? targetOf(target) : {}),
    kind,
    batch,
    quantity: quantity / 1000,
    reason: 'property test',
  });

/** The expected quantities: a plain model of the rules, by holder and batch, in thousandths. */
class Model {
  readonly #units = new Map<string, number>();

  apply({ kind, holder, target, batch, quantity }: Action): boolean {
    const key = `${holder} ${batch}`;
    const there = this.#units.get(key) ?? 0;
    if (quantity < 0 && kind !== 'CORRECTION') return false;
    if (quantity === 0 && kind !== 'COUNT') return false;
    if (kind === 'RELOCATION' && holder === target) return false;
    const leaves = kind === 'ISSUE' || kind === 'RELOCATION';
    const after = kind === 'COUNT' ? quantity : there + (leaves ? -quantity : quantity);
    if (after < 0) return false;
    this.#units.set(key, after);
    if (kind === 'RELOCATION') {
      const to = `${target} ${batch}`;
      this.#units.set(to, (this.#units.get(to) ?? 0) + quantity);
    }
    return true;
  }

  sumOf(holder: number): number {
    return [null, 'A1', 'A2'].reduce(
      (sum, batch) => sum + (this.#units.get(`${holder} ${batch}`) ?? 0),
      0,
    );
  }
}

async function quantities(): Promise<Map<string, number>> {
  const { rows } = await world.pool.query<{ holder: string; units: string }>(
    'SELECT holder_id AS holder, (quantity * 1000)::bigint AS units FROM stock',
  );
  return new Map(rows.map(({ holder, units }) => [holder, Number(units)]));
}

test('no sequence of bookings makes a stock negative, loses a unit or doubles one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(action, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
      async (bulks) => {
        await world.pool.query('TRUNCATE stock, stock_batch, stock_booking');
        const model = new Model();
        for (const bulk of bulks) {
          const { data } = await bookAllRaw(world, bulk.map(bookingOf), who);
          const accepted = data.bookStocks.outcomes.map(
            (outcome: any) => outcome.__typename === 'StockBooking',
          );
          expect(accepted).toEqual(bulk.map((one) => model.apply(one)));
        }
        expect(await unbalanced(world)).toEqual([]);
        const stored = await quantities();
        for (const n of [0, 1, 2, 3]) {
          const id = Object.values(holderOf(n))[0]!;
          expect(stored.get(id) ?? 0).toBe(model.sumOf(n));
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('60 of 100 callers who issue one of 60 units at once get it, and none waits in a circle', async () => {
  const [first, second] = facilities as [string, string];
  await book(world, { facility: first, quantity: 60 }, who);
  const calls = Array.from({ length: 100 }, (_, n) => {
    // Half of the callers name the two stocks in the other order.
    const pair = [
      booking({ facility: first, kind: 'ISSUE' }),
      booking({ facility: second, kind: 'RECEIPT' }),
    ];
    return bookAllRaw(world, n % 2 ? pair : pair.reverse(), who);
  });
  const responses = await Promise.all(calls);
  const outcomes = responses.flatMap(({ data }) => data.bookStocks.outcomes);
  const count = (kind: string) =>
    outcomes.filter((one: any) => one.__typename === 'StockBooking' && one.kind === kind).length;
  expect(count('ISSUE')).toBe(60);
  expect(count('RECEIPT')).toBe(100);
  expect(await unbalanced(world)).toEqual([]);
  const stored = await quantities();
  expect([stored.get(first), stored.get(second)]).toEqual([0, 100_000]);
});
