import fc from 'fast-check';
import { facilitiesIn } from '../../testing/facilities.js';
import { newOrganisation, supplierOf } from '../../testing/organisations.js';
import { itemsIn, receiveLitres, requestLitres, send } from '../../testing/requests.js';
import {
  staffOf,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../../testing/supply-world.js';

/** The stock of each supplier, more than is requested, and less than both may commit. */
const STOCK = 15;
const REQUESTED = 20;

let world: SupplyWorld;
let facilities: string[];
let item: string;
beforeAll(async () => {
  world = await supplyWorld();
  facilities = await facilitiesIn(world, '05');
  [item] = (await itemsIn(world, 'LITRE')) as [string];
});
afterAll(() => world.close());

const step = fc.record({
  kind: fc.constantFrom(
    ...(['commit', 'commit', 'dispatch', 'dispatch', 'receive', 'receive', 'receive'] as const),
    ...(['withdraw', 'return', 'reject', 'lose', 'cancel'] as const),
  ),
  quantity: fc.integer({ min: 1, max: 12_000 }).map((thousandths) => thousandths / 1000),
  supplier: fc.nat(1),
  at: fc.nat(4),
});
type RandomStep = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One line that two suppliers serve, on which any steps are applied by the API; those that the rules refuse change nothing. */
class Scene {
  readonly #facility: string;
  readonly #suppliers: string[];
  readonly #request: string;
  readonly #line: string;
  readonly #commitments: { id: string; supplier: string }[] = [];
  readonly #shipments: { id: string; supplier: string; isReturn: boolean }[] = [];

  private constructor(facility: string, suppliers: string[], request: string, line: string) {
    this.#facility = facility;
    this.#suppliers = suppliers;
    this.#request = request;
    this.#line = line;
  }

  static async begin(): Promise<Scene> {
    const facility = facilities.pop()!;
    const suppliers = [await newOrganisation(world), await newOrganisation(world)];
    for (const organisation of suppliers) {
      await receiveLitres(world, { organisation }, item, STOCK);
    }
    const made = await requestLitres(world, { facility, item, quantity: REQUESTED });
    return new Scene(facility, suppliers, made.id, made.lines[0].id);
  }

  async apply({ kind, quantity, supplier: n, at }: RandomStep): Promise<void> {
    const amount = { quantity, unit: 'LITRE' };
    const reason = 'the property';
    const supplier = this.#suppliers[n]!;
    const commitment = pick(this.#commitments, at);
    const shipment = pick(this.#shipments, at);
    if (kind === 'commit') {
      const input = { line: this.#line, organisation: supplier, ...amount };
      const { id } = await send(world, 'commitSupply', input, as(supplier));
      if (id) this.#commitments.push({ id, supplier });
    } else if (kind === 'cancel') {
      const input = { request: this.#request, reason };
      // A request that is cancelled early allows few other steps.
      if (at === 0) await send(world, 'cancelSupplyRequest', input, staffOf(this.#facility));
    } else if (kind === 'withdraw' && commitment) {
      const input = { commitment: commitment.id, reason };
      await send(world, 'withdrawSupplyCommitment', input, as(commitment.supplier));
    } else if (kind === 'dispatch' && commitment) {
      const input = { commitment: commitment.id, ...amount };
      const { id } = await send(world, 'dispatchShipment', input, as(commitment.supplier));
      if (id) this.#shipments.push({ id, supplier: commitment.supplier, isReturn: false });
    } else if (kind === 'receive' && shipment) {
      const who = shipment.isReturn ? as(shipment.supplier) : staffOf(this.#facility);
      await send(world, 'receiveShipment', { shipment: shipment.id, ...amount }, who);
    } else if (kind === 'reject' && shipment) {
      // Half of what is rejected is destroyed, which a return always is.
      const handling = shipment.isReturn || n === 0 ? 'DESTROY' : 'SEND_BACK';
      const input = { shipment: shipment.id, ...amount, handling, reason };
      const who = shipment.isReturn ? as(shipment.supplier) : staffOf(this.#facility);
      await send(world, 'rejectShipment', input, who);
    } else if (kind === 'lose' && shipment) {
      const input = { shipment: shipment.id, reason };
      await send(world, 'declareShipmentLost', input, as(shipment.supplier));
    } else if (kind === 'return' && shipment) {
      const input = { shipment: shipment.id, ...amount, reason };
      const { id } = await send(world, 'returnShipment', input, staffOf(this.#facility));
      if (id) this.#shipments.push({ id, supplier: shipment.supplier, isReturn: true });
    }
  }

  /** Both suppliers deliver a part: from an empty line few random steps would reach a return. */
  async deliverSome(): Promise<void> {
    for (const kind of ['commit', 'dispatch', 'receive'] as const) {
      for (const at of [0, 1]) await this.apply({ kind, quantity: 6, supplier: at, at });
    }
  }

  /** The invariant of the line, the sums that it must equal, and all units wherever they are. */
  async check(): Promise<void> {
    const { rows } = await world.pool.query(
      `WITH shipment AS (
         SELECT s.*, s.quantity - s.received - s.lost - s.rejected AS way FROM supply_shipment s WHERE s.request_id = $1
       ), destroyed AS (
         SELECT coalesce(sum(rejected + returned - CASE WHEN returns_id IS NULL THEN 0 ELSE quantity END), 0) AS units FROM shipment
       ), holder AS (
         SELECT quantity FROM stock WHERE item_id = $2 AND holder_id = ANY ($3::uuid[])
       )
       SELECT l.requested >= l.committed AND l.committed >= l.in_transit + l.delivered AS "isWithinRequest",
         l.committed = (SELECT coalesce(sum(quantity), 0) FROM supply_commitment c WHERE c.line_id = l.id) AS "isCommitted",
         l.in_transit = (SELECT coalesce(sum(way), 0) FROM shipment WHERE returns_id IS NULL) AS "isOnTheWay",
         l.delivered = (SELECT coalesce(sum(received - returned), 0) FROM shipment WHERE returns_id IS NULL) AS "isDelivered",
         (SELECT min(quantity) FROM holder) >= 0 AS "isInStock",
         (SELECT sum(quantity) FROM holder) + (SELECT coalesce(sum(way + lost), 0) FROM shipment)
           + (SELECT units FROM destroyed) AS units
       FROM supply_line l WHERE l.id = $4`,
      [this.#request, item, [this.#facility, ...this.#suppliers], this.#line],
    );
    expect(rows).toEqual([
      {
        isWithinRequest: true,
        isCommitted: true,
        isOnTheWay: true,
        isDelivered: true,
        isInStock: true,
        units: (2 * STOCK).toFixed(3),
      },
    ]);
  }
}

/** Any one of a list: a step on something that is not there yet would prove nothing. */
function pick<One>(list: readonly One[], at: number): One | undefined {
  return list[at % Math.max(1, list.length)];
}

function as(organisation: string): TestIdentity {
  return { ...supplierOf(organisation), areas: ['05'] };
}

test('no sequence of steps loses or doubles a unit, over-commits a line, or makes a stock negative', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 25 }), async (steps) => {
      const scene = await Scene.begin();
      await scene.deliverSome();
      for (const one of steps) {
        await scene.apply(one);
        await scene.check();
      }
    }),
    { numRuns: 15 },
  );
}, 120_000);

test('100 steps of many callers at once lose or double no unit, over-commit no line, and make no stock negative', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 100, maxLength: 100 }), async (steps) => {
      const scene = await Scene.begin();
      await scene.deliverSome();
      await Promise.all(steps.map((one) => scene.apply(one)));
      await scene.check();
    }),
    { numRuns: 3 },
  );
}, 120_000);
