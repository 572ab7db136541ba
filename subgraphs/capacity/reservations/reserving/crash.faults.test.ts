import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { claimSetFrom } from '../../../../shared/identity/claims.js';
import { projectPath } from '../../../../shared/root.js';
import { digestCallsOf } from '../../../../shared/idempotency/digests.js';
import { openDatabase, type Database } from '../../database/database.js';
import { capacityWorld, type CapacityWorld } from '../../testing/capacity-world.js';
import type { Crash } from '../../testing/crashing-reserver.js';
import { facilitiesOf, report, sendAll } from '../../testing/reports.js';
import { claimsOf, declareIntake, reserveInput, slotRequest } from '../../testing/reservations.js';
import { casualtyVisibilityOf } from '../../access/casualty-visibility.js';
import { ReservationStore } from '../store.js';

const CALLER = { claims: claimSetFrom({ roles: ['service'], areas: [''], facilities: [] }) };

let world: CapacityWorld;
let database: Database;
let facilities: string[];
beforeAll(async () => {
  world = await capacityWorld();
  database = openDatabase(world.databaseUrl);
  digestCallsOf(database.pool, world.callSecrets);
  facilities = await facilitiesOf(world, '', 3);
  await sendAll(
    world,
    facilities.map((facility) => report(world, facility, { operable: 1_000 })),
  );
  await declareIntake(world, facilities[0]!, { immediate: 1_000 });
});
afterAll(async () => {
  await database.close();
  await world.close();
});

/** The writes of a reservation: its row, its items, the result of its key, its events. */
const written = async () => {
  const { rows } = await world.pool.query<Record<string, number>>(`
    SELECT (SELECT count(*) FROM reservation)::int AS reservations,
      (SELECT count(*) FROM reservation_item)::int AS items,
      (SELECT count(*) FROM idempotent_call WHERE field = 'reserveBeds')::int AS keys,
      (SELECT count(*) FROM idempotent_call WHERE field = 'reserveBeds' AND result IS NOT NULL)::int AS results,
      (SELECT count(*) FROM outbox_event WHERE topic = 'capacity.reservation-made')::int AS made,
      (SELECT count(*) FROM outbox_event WHERE topic = 'capacity.beds-claimed')::int AS claimed`);
  return rows[0]!;
};
const WHOLE = { reservations: 1, items: 4, keys: 1, results: 1, made: 1, claimed: 3 };
const NOTHING = { reservations: 0, items: 0, keys: 0, results: 0, made: 0, claimed: 0 };

/** Waits until nobody has the facilities locked any more; for ever, if a dead process kept them. */
const locksAreFree = () =>
  world.pool.query('SELECT FROM facility WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE', [
    facilities,
  ]);

async function endOf(crash: Crash): Promise<{ isKilled: boolean }> {
  const program = projectPath('dist/subgraphs/capacity/testing/crashing-reserver.js');
  const child = spawn(process.execPath, [program, JSON.stringify(crash)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (status !== 0 && signal !== 'SIGKILL') throw new Error(`ended with status ${status}`);
  return { isKilled: signal === 'SIGKILL' };
}

test.each(['before', 'during'] as const)(
  'killed %s any of its statements, a process leaves a whole reservation or nothing, and no lock',
  async (moment) => {
    const ends: string[] = [];
    for (let statement = 1, isKilled = true; isKilled; statement++) {
      const input = reserveInput([
        slotRequest(facilities[0]!),
        slotRequest(facilities[1]!),
        slotRequest(facilities[2]!),
        slotRequest(facilities[0]!, { category: null, intake: 'SK_I' }),
      ]) as Crash['input'];
      const now = world.clock.now;
      const before = await written();
      const callSecret = world.callSecrets[0]!.toString('base64');
      const crash = {
        databaseUrl: database.url,
        callSecret,
        caller: CALLER,
        input,
        now: now.toISOString(),
      };
      ({ isKilled } = await endOf({ ...crash, statement, moment }));
      await locksAreFree();
      const left = difference(await written(), before);
      expect([WHOLE, NOTHING]).toContainEqual(left);
      ends.push(left.reservations === 1 ? 'whole' : 'nothing');

      // A caller that repeats the call with the same key has one reservation in the end, whatever the result of the first attempt.
      const again = await new ReservationStore(database, now, casualtyVisibilityOf(CALLER)).reserve(
        input,
        CALLER,
        () => undefined,
      );
      expect(again).toMatchObject({ __typename: 'Reservation' });
      expect(difference(await written(), before)).toEqual(WHOLE);
    }
    // BEGIN, the key, the locks, what is left (beds, then three for the intake), the rows, the events, the result, COMMIT
    expect(ends.length - 1).toBeGreaterThanOrEqual(11);
    expect(ends.slice(0, -2)).toEqual(ends.slice(0, -2).map(() => 'nothing'));
    expect(ends.at(-1)).toBe('whole');
    const { reserved, overcommitted } = await claimsOf(world, facilities[0]!);
    expect({ reserved, overcommitted }).toEqual({
      reserved: (await written()).reservations,
      overcommitted: 0,
    });
  },
  180_000,
);

function difference(after: Record<string, number>, before: Record<string, number>) {
  return Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - before[name]!]),
  ) as typeof WHOLE;
}
