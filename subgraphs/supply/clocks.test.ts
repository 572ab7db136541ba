import { pino } from 'pino';
import { tokenMint } from '../../shared/identity/internal-tokens.js';
import { SubgraphClient } from '../../shared/subgraph-client/client.js';
import { HOUR_MINUTES } from '../../shared/time/rules.js';
import { openDatabase } from './database/database.js';
import { DeviceClock } from './devices/index.js';
import { jobsOn } from './jobs.js';
import { LifelineClock } from './lifelines/index.js';
import { escalateRequests, releaseOverdue } from './requests/index.js';
import { judgeExpiring } from './stocks/index.js';
import { reportFault, ventilators } from './testing/devices.js';
import { facilitiesIn } from './testing/facilities.js';
import { newOrganisation } from './testing/organisations.js';
import { itemsIn, requestLitres, send } from './testing/requests.js';
import { book } from './testing/stocks.js';
import { staffOf, supplyWorld, type SupplyWorld } from './testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld();
});
afterAll(() => world.close());

/** A process of supply with a pool of its own, as far as its timers go. */
async function timersOfAnotherProcess() {
  const database = openDatabase(world.databaseUrl);
  const mint = await tokenMint(world.dataFolder, 'supply');
  const capacity = new SubgraphClient('capacity', { url: world.capacity.url, mint });
  const now = () => world.clock.now;
  const jobs = jobsOn({ database, capacity, now, log: pino({ level: 'silent' }) });
  return {
    tick: () =>
      Promise.all([
        escalateRequests(database, now()),
        releaseOverdue(database, now()),
        new DeviceClock(database, jobs, now()).run(),
        new LifelineClock(database, jobs, now()).run(),
        judgeExpiring(database, now()),
      ]),
    async close() {
      await jobs.stop();
      await Promise.all([database.close(), capacity.close()]);
    },
  };
}

const events = async () => {
  const { rows } = await world.pool.query<{ topic: string; count: number }>(
    `SELECT topic, count(*)::int AS count FROM outbox_event WHERE topic IN ('supply.request-escalated',
       'supply.device-fault-escalated', 'supply.lifeline-threshold-passed', 'supply.stock-fell-below-duty')
     GROUP BY topic`,
  );
  return Object.fromEntries(rows.map(({ topic, count }) => [topic, count]));
};

test('the timers of three processes at once escalate, pass and judge each thing once', async () => {
  const [facility] = (await facilitiesIn(world, '05315', 1)) as [string];
  const [item] = (await itemsIn(world, 'LITRE')) as [string];
  await requestLitres(world, { facility, item });
  const servicePartner = await newOrganisation(world, { kind: 'SERVICE_PARTNER' });
  await reportFault(world, ventilators(world, facility, { servicePartner }));
  const batch = { batch: 'A1', usableUntil: world.inHours(500), averageConsumption: 1 };
  await book(world, { facility, quantity: 300, ...batch });
  await send(
    world,
    'bookStock',
    {
      booking: {
        facility,
        item,
        kind: 'RECEIPT',
        quantity: 100,
        unit: 'LITRE',
        batch: 'B1',
        usableUntil: world.inHours(1),
        averageConsumption: 0.001,
        minimum: 50,
      },
    },
    staffOf(facility),
  );
  await world.request(
    `mutation ($input: ReportLifelineInput!) { reportLifeline(input: $input) { __typename } }`,
    {
      input: {
        facility,
        kind: 'GENERATOR_FUEL',
        stock: 1_500,
        load: 60,
        unit: 'LITRE',
        source: 'plant room',
        method: 'REPORTED',
        observedAt: world.inHours(0),
      },
    },
    staffOf(facility),
  );
  const before = await events();
  const processes = await Promise.all([1, 2, 3].map(timersOfAnotherProcess));
  try {
    world.later(2 * HOUR_MINUTES);
    // Each process also ticks again while the tick before is under way.
    await Promise.all([...processes, ...processes].map(({ tick }) => tick()));
    await Promise.all(processes.map(({ tick }) => tick()));
    const after = await events();
    const added = Object.entries(after).map(([topic, n]) => [topic, n - (before[topic] ?? 0)]);
    expect(Object.fromEntries(added.filter(([, n]) => n !== 0))).toEqual({
      'supply.request-escalated': 1,
      'supply.device-fault-escalated': 1,
      'supply.lifeline-threshold-passed': 1,
    });
    const { rows } = await world.pool.query(
      `SELECT s.unusable_quantity::float8 AS unusable FROM stock s JOIN item i ON i.id = s.item_id WHERE i.id = $1`,
      [item],
    );
    expect(rows).toEqual([{ unusable: 100 }]);
  } finally {
    await Promise.all(processes.map(({ close }) => close()));
  }
});
