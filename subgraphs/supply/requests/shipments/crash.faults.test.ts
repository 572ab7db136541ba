import { randomUUID } from 'node:crypto';
import { crashEverywhere } from '../../../../shared/testing/crash-everywhere.js';
import { DAY_MINUTES, DAY_MS, SECOND_MS } from '../../../../shared/time/rules.js';
import { crashingAct } from '../../testing/crashing.js';
import { facilitiesIn } from '../../testing/facilities.js';
import { newOrganisation, supplierOf } from '../../testing/organisations.js';
import { itemsIn, receiveLitres, requestLitres, send } from '../../testing/requests.js';
import { unbalanced } from '../../testing/stocks.js';
import {
  staffOf,
  CLOCK_MS,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../../testing/supply-world.js';

const STOCK = 5_000;

let world: SupplyWorld;
let facility: string;
let organisation: string;
let item: string;
let supplier: TestIdentity;
let staff: TestIdentity;
beforeAll(async () => {
  world = await supplyWorld();
  facility = (await facilitiesIn(world, '05'))[0]!;
  item = (await itemsIn(world, 'LITRE'))[0]!;
});
beforeEach(async () => {
  organisation = await newOrganisation(world);
  supplier = { ...supplierOf(organisation), areas: ['05'], subject: 'supplier' };
  staff = staffOf(facility);
  await receiveLitres(world, { organisation }, item, STOCK);
  inputs.clear();
});
afterAll(() => world.close());

/** The input of the call that crashed, by the request; it is sent again with the same key. */
const inputs = new Map<string, { idempotencyKey: string }>();
const keyed = <Input extends object>(request: string, input: Input) => {
  const whole = { ...input, idempotencyKey: randomUUID() };
  inputs.set(request, whole);
  return whole;
};
const amount = (quantity: number) => ({ quantity, unit: 'LITRE' });

/** A request of its own with a commitment of 10 litres. */
async function committed() {
  const { id, lines } = await requestLitres(world, { facility, item, quantity: 10 });
  const input = { line: lines[0].id, organisation, ...amount(10) };
  const commitment = await send(world, 'commitSupply', input, supplier);
  return { request: id as string, commitment: commitment.id as string };
}
async function dispatched() {
  const { request, commitment } = await committed();
  const { id } = await send(world, 'dispatchShipment', { commitment, ...amount(10) }, supplier);
  return { request, shipment: id as string };
}
async function received() {
  const { request, shipment } = await dispatched();
  await send(world, 'receiveShipment', { shipment, ...amount(10) }, staff);
  return { request, shipment };
}

/** The rows that a step of a request has written: the ledger, its steps, its shipments, the bookings and the events. */
async function stateOf(request: string) {
  const { rows } = await world.pool.query<Record<string, number>>(
    `SELECT l.in_transit::float8 AS "inTransit", l.delivered::float8 AS delivered,
       (SELECT count(*)::int FROM supply_step t WHERE t.request_id = $1) AS steps,
       (SELECT count(*)::int FROM supply_shipment s WHERE s.request_id = $1) AS shipments,
       (SELECT count(*)::int FROM stock_booking b JOIN supply_shipment s ON b.shipment_id = s.id WHERE s.request_id = $1) AS bookings,
       (SELECT count(*)::int FROM outbox_event e WHERE e.entity = $1::text) AS events
     FROM supply_line l WHERE l.request_id = $1::uuid`,
    [request],
  );
  return rows[0]!;
}

/**
 * Crashes at every await of a step, and expects that each request is as before or has all of the step; then repeats the calls, and
 * expects all of each step, once, and that no unit is missing.
 */
async function crashAtEveryAwait(
  prepare: () => Promise<{ request: string; input: object; act: (input: object) => unknown[] }>,
  { field, method, who }: { field: string; method: string; who: TestIdentity },
  after: object,
) {
  const acts = new Map<string, unknown[]>();
  const before = new Map<string, object>();
  const requests = await crashEverywhere(
    async () => {
      const { request, input, act } = await prepare();
      acts.set(request, act(keyed(request, input)));
      before.set(request, await stateOf(request));
      return request;
    },
    (request, killAt) =>
      crashingAct(world, who, { store: 'shipments', method, input: acts.get(request)!, killAt }),
  );
  expect(requests.length).toBeGreaterThan(12);
  const states = await Promise.all(requests.map(stateOf));
  const isWhole = (state: object) => JSON.stringify(state) === JSON.stringify(after);
  for (const [n, state] of states.entries()) {
    if (!isWhole(state)) expect(state).toEqual(before.get(requests[n]!));
  }
  expect(isWhole(states[0]!)).toBe(false);
  expect(isWhole(states.at(-1)!)).toBe(true);
  for (const request of requests) {
    const outcome = await send(world, field, inputs.get(request)!, who);
    expect(outcome.__typename).toBe('SupplyShipment');
    expect(await stateOf(request)).toEqual(after);
  }
  expect(await unbalanced(world)).toEqual([]);
  await expectUnits(requests);
}

/** All litres are at the supplier, at the facility, or on their way in one of the requests. */
async function expectUnits(requests: readonly string[]) {
  const { rows } = await world.pool.query(
    `SELECT (SELECT quantity FROM stock WHERE item_id = $1 AND holder_id = $2)
       + (SELECT COALESCE(sum(s.quantity - s.received - s.lost + CASE WHEN s.returns_id IS NULL THEN s.received - s.returned ELSE 0 END), 0)
          FROM supply_shipment s WHERE s.request_id = ANY ($3::uuid[])) AS units`,
    [item, organisation, requests],
  );
  expect(Number(rows[0].units)).toBe(STOCK);
}

test(
  'killed at every await of a dispatch, the litres have left the stock and are on their way, or neither',
  async () => {
    const prepare = async () => {
      const { request, commitment } = await committed();
      const input = { commitment, ...amount(10) };
      const act = (given: object) => [
        given,
        { requestId: request },
        { id: item, storage: 'AMBIENT' },
      ];
      return { request, input, act };
    };
    const call = { field: 'dispatchShipment', method: 'dispatch', who: supplier };
    const after = { inTransit: 10, delivered: 0, steps: 3, shipments: 1, bookings: 1, events: 3 };
    await crashAtEveryAwait(prepare, call, after);
  },
  300 * SECOND_MS,
);

test(
  'killed at every await of a receipt, the litres are delivered and in the stock, or still on their way',
  async () => {
    const prepare = async () => {
      const { request, shipment } = await dispatched();
      const input = { shipment, ...amount(10) };
      const act = (given: object) => [
        given,
        { requestId: request },
        { id: item, storage: 'AMBIENT' },
      ];
      return { request, input, act };
    };
    const call = { field: 'receiveShipment', method: 'receive', who: staff };
    const after = { inTransit: 0, delivered: 10, steps: 4, shipments: 1, bookings: 2, events: 4 };
    await crashAtEveryAwait(prepare, call, after);
  },
  300 * SECOND_MS,
);

test(
  'killed at every await of a return, the litres have left the facility and are on their way back, or neither',
  async () => {
    const prepare = async () => {
      const { request, shipment } = await received();
      const input = { shipment, ...amount(4), reason: 'too much' };
      const act = (given: object) => [
        given,
        { requestId: request },
        { id: item, storage: 'AMBIENT' },
      ];
      return { request, input, act };
    };
    const call = { field: 'returnShipment', method: 'sendBack', who: staff };
    const after = { inTransit: 0, delivered: 6, steps: 5, shipments: 2, bookings: 3, events: 5 };
    await crashAtEveryAwait(prepare, call, after);
  },
  300 * SECOND_MS,
);

test(
  'killed at every await of an escalation, each request escalates once in the end',
  async () => {
    const escalated = async () => {
      world.later(DAY_MINUTES);
      await Promise.all([world.elapse(CLOCK_MS), world.elapse(CLOCK_MS)]);
    };
    const requests = await crashEverywhere(
      async () => {
        await escalated();
        return (await requestLitres(world, { facility, item, quantity: 10 })).id;
      },
      (_, killAt) => {
        // Its clock is ahead, so that no timer of the subgraph escalates before it.
        const now = new Date(world.clock.now.getTime() + DAY_MS);
        return crashingAct(world, staff, { clock: 'escalate', now, killAt });
      },
    );
    await escalated();
    expect(requests.length).toBeGreaterThan(5);
    const { rows } = await world.pool.query(
      `SELECT r.id, r.escalated_at IS NOT NULL AS escalated,
         (SELECT count(*)::int FROM supply_step t WHERE t.request_id = r.id AND t.act = 'ESCALATE') AS steps,
         (SELECT count(*)::int FROM outbox_event e WHERE e.entity = r.id::text AND e.topic = 'supply.request-escalated') AS events
       FROM supply_request r WHERE r.id = ANY ($1::uuid[])`,
      [requests],
    );
    expect(rows).toEqual(rows.map(({ id }) => ({ id, escalated: true, steps: 1, events: 1 })));
    expect(rows).toHaveLength(requests.length);
  },
  300 * SECOND_MS,
);
