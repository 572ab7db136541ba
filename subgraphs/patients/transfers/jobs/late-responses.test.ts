import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type pg from 'pg';
import { pino } from 'pino';
import { tokenMint } from '../../../../shared/identity/internal-tokens.js';
import { SubgraphClient } from '../../../../shared/subgraph-client/index.js';
import { eachOnce } from '../../../../shared/testing/each-once.js';
import { openDatabase } from '../../database/database.js';
import { facilitiesIn, newIncident } from '../../testing/casualties.js';
import { patientsWorld, type PatientsWorld, staffOf } from '../../testing/patients-world.js';
import {
  bedsOf,
  call,
  callRaw,
  giveBeds,
  primary,
  register,
  transferOf,
} from '../../testing/transfers.js';
import { TransferJobs } from './jobs.js';

const log = pino({ level: 'silent' });
let world: PatientsWorld;
let facilities: string[];
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 10);
  await giveBeds(world, facilities, 20);
  incident = await newIncident(world);
});
afterAll(() => world.close());

/** A facility that no other test uses. */
const newFacility = eachOnce(() => facilities);
const requested = async (to: string): Promise<string> => {
  const [patient] = await register(world, { incident });
  return (await call(world, 'requestTransfer', primary(patient!, { to }))).id;
};
/** A transfer whose acceptance is noted, with the open job that reserves its slot. */
async function noted(to: string) {
  const transfer = await requested(to);
  await world.stopCapacity();
  await callRaw(world, 'acceptTransfer', { transfer }, staffOf(to));
  await world.restartCapacity();
  const { rows } = await world.pool.query(
    'SELECT id FROM job WHERE subject = $1 AND done_at IS NULL',
    [transfer],
  );
  return { transfer, job: rows[0].id as string };
}
/** The slots that capacity has reserved in a facility. */
async function slotsIn(facility: string): Promise<{ id: string; item: string; status: string }[]> {
  const { data } = await world.requestCapacity(
    'query ($facility: ID!) { reservations(filter: { facility: $facility }) { nodes { id items { id status } } } }',
    { facility },
  );
  return data.reservations.nodes.map(
    ({ id, items }: { id: string; items: { id: string; status: string }[] }) => ({
      id,
      item: items[0]!.id,
      status: items[0]!.status,
    }),
  );
}
/** Names the slot for a transfer, as another caller would. */
const names = (
  transfer: string,
  { id, item }: { id: string; item: string },
  db: Pick<pg.Pool, 'query'> = world.pool,
) =>
  db.query('UPDATE transfer SET reservation_id = $2, reservation_item = $3 WHERE id = $1', [
    transfer,
    id,
    item,
  ]);
const cancel = (transfer: string) =>
  call(world, 'cancelTransfer', { transfer, reason: 'closed road' });

/** Stands between patients and capacity: calls `beforeResponse` before the first response is passed on. */
async function delayedLine(beforeResponse: () => Promise<unknown>) {
  let isFirst = true;
  const server = createServer((request, response) => {
    void (async () => {
      const { 'content-type': type, authorization } = request.headers;
      const headers = { 'content-type': type!, authorization: authorization! };
      const body = await text(request);
      const capacityResponse = await (
        await fetch(world.capacityUrl, { method: 'POST', headers, body })
      ).text();
      if (isFirst) await beforeResponse();
      isFirst = false;
      response.setHeader('content-type', 'application/json').end(capacityResponse);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
/** Runs a job; `meanwhile` runs between the response of capacity and the record of the outcome. */
async function runWhile(job: string, meanwhile: () => Promise<unknown>): Promise<void> {
  const line = await delayedLine(meanwhile);
  const database = openDatabase(world.databases.patients.url);
  const mint = await tokenMint(world.dataFolder, 'patients');
  const capacity = new SubgraphClient('capacity', { url: line.url, mint });
  try {
    const { now } = world.clock;
    const jobs = new TransferJobs({ database, capacity, now: () => now, log });
    await jobs.outcomeOf(job);
  } finally {
    await database.close();
    await capacity.close();
    await line.close();
  }
}

test('a slot that another transfer named before it was recorded belongs to that one; another slot is reserved', async () => {
  const facility = newFacility();
  const { transfer, job } = await noted(facility);
  const other = await requested(facility);
  await runWhile(job, async () => names(other, (await slotsIn(facility))[0]!));
  expect(await transferOf(world, transfer)).toMatchObject({ status: 'ACCEPTED' });
  expect(await bedsOf(world, facility)).toMatchObject({ reserved: 2 });
  const { rows } = await world.pool.query(
    'SELECT reservation_item AS item FROM transfer WHERE id = ANY ($1)',
    [[transfer, other]],
  );
  expect(rows.map(({ item }) => item).sort()).toEqual(
    (await slotsIn(facility)).map(({ item }) => item).sort(),
  );
});

test('a slot that another transfer names at the same moment belongs to that one; another slot is reserved', async () => {
  const facility = newFacility();
  const { transfer, job } = await noted(facility);
  const other = await requested(facility);
  const client = await world.pool.connect();
  const running = runWhile(job, async () => {
    await client.query('BEGIN');
    await names(other, (await slotsIn(facility))[0]!, client);
  });
  const isWaiting = async () =>
    (await world.pool.query('SELECT FROM pg_locks WHERE NOT granted')).rowCount! > 0;
  while (!(await isWaiting()));
  await client.query('COMMIT');
  client.release();
  await running;
  expect(await transferOf(world, transfer)).toMatchObject({ status: 'ACCEPTED' });
  expect(await bedsOf(world, facility)).toMatchObject({ reserved: 2 });
});

test('a slot that another transfer named is not given back when the transfer it was got for was cancelled', async () => {
  const facility = newFacility();
  const { transfer, job } = await noted(facility);
  const other = await requested(facility);
  await runWhile(job, async () => {
    await names(other, (await slotsIn(facility))[0]!);
    await cancel(transfer);
  });
  expect(await slotsIn(facility)).toMatchObject([{ status: 'OPEN' }]);
});

test('a slot that was named and released does not count as reserved', async () => {
  const facility = newFacility();
  const { transfer, job } = await noted(facility);
  const other = await requested(facility);
  await runWhile(job, async () => {
    await names(other, (await slotsIn(facility))[0]!);
    await cancel(other);
  });
  expect(await transferOf(world, transfer)).toMatchObject({ status: 'ACCEPTED' });
  expect(await bedsOf(world, facility)).toMatchObject({ reserved: 1 });
});

test('a slot that was reserved after another attempt had found none is released', async () => {
  const facility = newFacility();
  const { transfer, job } = await noted(facility);
  await runWhile(job, () =>
    world.pool.query(
      `UPDATE job SET done_at = $2, outcome = '{"is":"NO_PLACE","free":0,"alternatives":[]}' WHERE id = $1`,
      [job, world.clock.now],
    ),
  );
  expect(await transferOf(world, transfer)).toMatchObject({
    status: 'DESTINATION_REQUESTED',
    accepting: false,
  });
  expect(await slotsIn(facility)).toMatchObject([{ status: 'RELEASED' }]);
  expect(await bedsOf(world, facility)).toMatchObject({ reserved: 0 });
});
