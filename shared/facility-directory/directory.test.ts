import { readFileSync } from 'node:fs';
import pg from 'pg';
import { pino } from 'pino';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { projectPath } from '../root.js';
import { SubgraphUnavailable } from '../subgraph-client/index.js';
import { MINUTE_MS } from '../time/rules.js';
import { FacilityDirectory, type DirectoryOptions } from './directory.js';
import { FacilityStore } from './store.js';

const START = new Date('2026-01-15T09:00:00.000Z');
const minutesLater = (minutes: number) => new Date(START.getTime() + minutes * MINUTE_MS);

const FIRST_SITE = {
  id: '0f0a52b8-6f5d-4c0b-9a55-6c3c7f9d0001',
  siteNumber: '772997',
  ik: '260530103',
  area: '05315',
  position: { latitude: 50.92, longitude: 6.92 },
};
const SECOND_SITE = {
  ...FIRST_SITE,
  id: '0f0a52b8-6f5d-4c0b-9a55-6c3c7f9d0002',
  siteNumber: '772998',
};

let database: TestDatabase;
let pool: pg.Pool;
beforeEach(async () => {
  database = await createDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  pool.on('error', () => undefined);
  await pool.query(readFileSync(projectPath('shared/facility-directory/directory.sql'), 'utf8'));
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

type Entry = typeof FIRST_SITE;

/** Capacity, with the facilities that it returns one to a page; while it has none it is unavailable. */
function capacityWith(facilities: Entry[] | undefined) {
  const capacity = {
    facilities,
    requests: 0,
    async request(_: unknown, { after }: { after?: string | null }): Promise<never> {
      capacity.requests += 1;
      if (!capacity.facilities) throw new SubgraphUnavailable('capacity is unavailable');
      const index = Number(after ?? 0);
      const next = index + 1 < capacity.facilities.length ? String(index + 1) : null;
      return {
        facilities: {
          nodes: capacity.facilities.slice(index, index + 1),
          pageInfo: { hasNextPage: next !== null, endCursor: next },
        },
      } as never;
    },
  };
  return capacity;
}

const directoryOf = (capacity: ReturnType<typeof capacityWith>) =>
  new FacilityDirectory({
    pool,
    capacity: capacity as DirectoryOptions['capacity'],
    document: { toString: () => '' },
    log: pino({ level: 'silent' }),
  });

test('all pages are stored, and found by id, site number and IK', async () => {
  await directoryOf(capacityWith([FIRST_SITE, SECOND_SITE])).renew(START);
  const store = new FacilityStore({ pool });
  expect(await store.areaOf(FIRST_SITE.id)).toBe('05315');
  expect(await store.areaOf('no id')).toBeUndefined();
  const ids = await store.idsOf(['site:772998', 'ik:260530103', 'site:1']);
  expect(ids.get('site:772998')).toEqual([SECOND_SITE.id]);
  expect(ids.get('ik:260530103')).toEqual([FIRST_SITE.id, SECOND_SITE.id]);
  expect(ids.get('site:1')).toEqual([]);
});

test('a facility that moved to another Kreis is moved, and one that capacity no longer returns stays', async () => {
  const capacity = capacityWith([FIRST_SITE, SECOND_SITE]);
  const directory = directoryOf(capacity);
  await directory.renew(START);
  capacity.facilities = [{ ...FIRST_SITE, area: '05378' }];
  await directory.renew(minutesLater(11));
  const store = new FacilityStore({ pool });
  expect(await store.areaOf(FIRST_SITE.id)).toBe('05378');
  expect(await store.areaOf(SECOND_SITE.id)).toBe('05315');
});

test('what was requested before another process stored later facilities is not stored over them', async () => {
  await directoryOf(capacityWith([{ ...FIRST_SITE, area: '05378' }])).renew(minutesLater(1));
  await directoryOf(capacityWith([FIRST_SITE])).renew(START);
  expect(await new FacilityStore({ pool }).areaOf(FIRST_SITE.id)).toBe('05378');
});

test('the facilities are requested again after ten minutes, not before', async () => {
  const capacity = capacityWith([FIRST_SITE]);
  const directory = directoryOf(capacity);
  await directory.renewIfDue(START);
  await directory.renewIfDue(minutesLater(9));
  expect(capacity.requests).toBe(1);
  await directory.renewIfDue(minutesLater(10));
  expect(capacity.requests).toBe(2);
});

test('while capacity is unavailable the stored facilities stay', async () => {
  const capacity = capacityWith([FIRST_SITE]);
  const directory = directoryOf(capacity);
  await directory.renewIfDue(START);
  capacity.facilities = undefined;
  await directory.renewIfDue(minutesLater(30));
  expect(await new FacilityStore({ pool }).areaOf(FIRST_SITE.id)).toBe('05315');
});

test('before the directory was filled, no facility is called unknown', async () => {
  const store = new FacilityStore({ pool });
  await expect(store.areaOf(FIRST_SITE.id)).rejects.toThrow('The facilities are not known yet');
  await expect(store.idsOf(['site:772997'])).rejects.toThrow('The facilities are not known yet');
});
