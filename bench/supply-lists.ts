import type pg from 'pg';
import type { TypedDocument } from '../shared/graphql-client/typed-document.js';
import { quantile, rounded } from './figures.js';
import {
  DeviceFaultsOfGermanyDocument,
  LifelinesOfGermanyDocument,
  NeedsOfGermanyDocument,
  ShipmentsOfGermanyDocument,
  ShortagesOfGermanyDocument,
  SupplyRequestsOfGermanyDocument,
} from './generated/operations.js';
import type { Figures } from './output.js';
import { sized } from './shortened.js';

const READS = sized(100, 5);
/** Requests, each with two lines that were delivered, and faults of devices, before the history grows. */
const CASES = sized(5_000, 500);

export type Send = <Data, Variables extends object>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

/** Of ten requests one is open. Begins behind the $1 that there are, with $2 more. */
const FILL_REQUESTS = `
WITH sites AS (SELECT id, area, row_number() OVER (ORDER BY id) - 1 AS n FROM facility),
items AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM item WHERE kind = 'MEDICINE' ORDER BY id LIMIT 40),
requests AS (
  INSERT INTO supply_request (facility_id, area, needed_until, reason, status, requested_at, requested_by)
  SELECT s.id, s.area, now() + interval '1 day' - c.n * interval '5 minutes', 'bench',
    (CASE WHEN c.n % 10 = 0 THEN 'REQUESTED' ELSE 'RECEIVED' END)::"SupplyRequestStatus", now() - c.n * interval '5 minutes', 'bench'
  FROM generate_series($1::int, $1::int + $2::int - 1) AS c (n) JOIN sites s ON s.n = c.n % (SELECT count(*) FROM sites)
  RETURNING id, status, requested_at
), lines AS (
  INSERT INTO supply_line (request_id, position, item_id, requested, committed, delivered, addressees)
  SELECT r.id, p.n + 1, i.id, 10, CASE WHEN r.status = 'RECEIVED' THEN 10 ELSE 0 END, CASE WHEN r.status = 'RECEIVED' THEN 10 ELSE 0 END, '{}'
  FROM requests r CROSS JOIN generate_series(0, 1) AS p (n) JOIN items i ON i.n = p.n
  RETURNING id, request_id, committed
), commitments AS (
  INSERT INTO supply_commitment (request_id, line_id, facility_id, quantity, delivered, committed_at, committed_by)
  SELECT l.request_id, l.id, (SELECT id FROM sites WHERE n = 0), 10, 10, now(), 'bench' FROM lines l WHERE l.committed > 0
  RETURNING id, request_id
)
INSERT INTO supply_shipment (request_id, commitment_id, quantity, received, dispatched_at, received_at)
SELECT c.request_id, c.id, 10, 10, now(), now() FROM commitments c`;

/** Of ten faults one is open. */
const FILL_FAULTS = `
WITH sites AS (SELECT id, area, row_number() OVER (ORDER BY id) - 1 AS n FROM facility)
INSERT INTO device_fault (facility_id, area, kind, failed, devices, since, source, observed_at, status, resolution, reported_at, closed_at)
SELECT s.id, s.area, 'VENTILATOR', 1, 20, c.at, 'bench', c.at, (CASE WHEN c.open THEN 'REPORTED' ELSE 'CLOSED' END)::"DeviceFaultStatus",
  (CASE WHEN NOT c.open THEN 'REPAIRED' END)::"FaultResolution", c.at, CASE WHEN NOT c.open THEN c.at END
FROM (
  SELECT n, now() - n * interval '5 minutes' AS at, n % 10 = 0 AS open FROM generate_series($1::int, $1::int + $2::int - 1) AS g (n)
) c JOIN sites s ON s.n = c.n % (SELECT count(*) FROM sites)`;

/** Adds requests and faults of devices until there are n times those before the history grows. */
export async function growCases(db: pg.Client, times: number): Promise<void> {
  for (const [table, fill] of [
    ['supply_request', FILL_REQUESTS],
    ['device_fault', FILL_FAULTS],
  ] as const) {
    const { rows } = await db.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${table}`,
    );
    const { count } = rows[0]!;
    await db.query(fill, [count, Math.max(0, CASES * times - count)]);
  }
  await db.query(
    'VACUUM (ANALYZE) supply_request, supply_line, supply_commitment, supply_shipment, device_fault',
  );
}

/** The first page of 500 of each list over all of Germany; of requests with their shipments 100, because an operation may cost no more. */
export async function readLists(send: Send): Promise<Figures> {
  return {
    shortages: await pageTimes(async () => (await send(ShortagesOfGermanyDocument, {})).shortages),
    lifelines: await pageTimes(async () => (await send(LifelinesOfGermanyDocument, {})).lifelines),
    supplyRequests: await pageTimes(
      async () => (await send(SupplyRequestsOfGermanyDocument, {})).supplyRequests,
    ),
    shipments: await pageTimes(
      async () => (await send(ShipmentsOfGermanyDocument, {})).supplyRequests,
    ),
    deviceFaults: await pageTimes(
      async () => (await send(DeviceFaultsOfGermanyDocument, {})).deviceFaults,
    ),
    needs: await pageTimes(async () => (await send(NeedsOfGermanyDocument, {})).needs),
  };
}

/** How long it takes to read a page, in milliseconds, and its length. */
async function pageTimes(
  read: () => Promise<{ nodes: readonly unknown[] } | null>,
): Promise<Figures> {
  const times: number[] = [];
  let length = 0;
  for (let number = 0; number < READS; number++) {
    const start = performance.now();
    length = (await read())?.nodes.length ?? 0;
    times.push(performance.now() - start);
  }
  return { length, p50: rounded(quantile(times, 0.5), 1), p99: rounded(quantile(times, 0.99), 1) };
}
