import { readFileSync } from 'node:fs';
import { Pool } from 'pg';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { inTransaction } from '../database/transaction.js';
import { projectPath } from '../root.js';
import { Outbox } from './outbox.js';
import { publish, type NewEvent } from './publish.js';

let database: TestDatabase;
let pool: Pool;
beforeEach(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.url });
  await pool.query(readFileSync(projectPath('shared/outbox/outbox.sql'), 'utf8'));
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const event = (entity: string, tags: string[] = []): NewEvent => ({
  topic: 'test.changed',
  entity,
  area: '05',
  tags,
  at: new Date('2026-01-15T09:00:00.000Z'),
});
const written = async () => (await Outbox.open(pool, 'test')).read({ pos: 0, seq: 0 }, 10);

test('events are read in the order they were given, with their tags', async () => {
  const events = [event('b', ['one', 'a "quoted" two']), event('a')];
  await inTransaction(pool, (db) => publish(db, events));
  expect(await written()).toMatchObject(events);
});

test('a transaction that is rolled back publishes nothing', async () => {
  await inTransaction(
    pool,
    (db) => publish(db, [event('a')]),
    () => false,
  );
  expect(await written()).toEqual([]);
});

test('no events are no statement', async () => {
  await inTransaction(pool, (db) => publish(db, []));
  expect((await pool.query('SELECT FROM outbox_batch')).rowCount).toBe(0);
});
