import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { openDatabase } from '../../subgraphs/capacity/database/database.js';
import { databaseFaultOf, type DatabaseFault } from './database-faults.js';
import { openPool } from '../database/pool.js';
import { openSession } from '../database/session.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  const db = await openSession(database.url);
  // A failure as the server itself would state it, with any SQLSTATE.
  await db.query(`CREATE FUNCTION fail(state text) RETURNS int LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION USING ERRCODE = state, MESSAGE = 'made to fail'; END $$`);
  await db.end();
});
afterAll(() => database.drop());

const thrownBy = (act: () => Promise<unknown>): Promise<unknown> =>
  act().then(
    () => undefined,
    (error: unknown) => error,
  );

describe.each([
  ['53000', 'unavailable'],
  ['53100', 'unavailable'],
  ['53200', 'unavailable'],
  ['53300', 'unavailable'],
  ['57P01', 'unavailable'],
  ['57P03', 'unavailable'],
  ['57P05', 'unavailable'],
  ['57000', 'unavailable'],
  ['57014', 'cancelled'],
  ['58030', 'unavailable'],
  ['08006', 'unavailable'],
  ['25006', 'unavailable'],
  ['28P01', 'inaccessible'],
  ['28000', 'inaccessible'],
  ['3D000', 'inaccessible'],
  ['23505', undefined],
  ['22012', undefined],
  ['42P01', undefined],
  ['XX000', undefined],
] as [string, DatabaseFault | undefined][])('an error with the SQLSTATE %s', (state, fault) => {
  test(`is ${fault ?? 'no fault of the database'}, by pg and by Prisma`, async () => {
    const { pool, prisma, close } = openDatabase(database.url);
    const statement = `SELECT fail('${state}')`;
    for (const act of [
      () => pool.query(statement),
      () => prisma.$queryRawUnsafe(statement),
      () => prisma.$transaction((inner) => inner.$queryRawUnsafe(statement)),
    ]) {
      expect(databaseFaultOf(await thrownBy(act))).toBe(fault);
    }
    await close();
  });
});

test('a statement on a connection that broke before is a fault of the database', async () => {
  const pool = openPool(database.url);
  const client = await pool.connect();
  await thrownBy(() => client.query('SELECT pg_terminate_backend(pg_backend_pid())'));
  // The end of the socket is only read when this has happened.
  await thrownBy(() => client.query('SELECT 1'));
  const error = await thrownBy(() => client.query('SELECT 1'));
  expect((error as Error).message).toMatch(/is not queryable/);
  expect(databaseFaultOf(error)).toBe('unavailable');
  client.release(true);
  await pool.end();
});

test('no free connection in time is a fault of the database', async () => {
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  const client = await pool.connect();
  // Only now, so that a busy machine may take its time for the first connection.
  pool.options.connectionTimeoutMillis = 50;
  expect(databaseFaultOf(await thrownBy(() => pool.query('SELECT 1')))).toBe('unavailable');
  client.release();
  await pool.end();
});

describe('a server that cannot be reached', () => {
  let server: Server;
  afterEach(() => server.close());
  const listen = async (handle: (socket: Socket) => void) => {
    server = createServer(handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `postgresql://u:p@127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  };

  test.each([
    ['closes every connection', (socket: Socket) => socket.end()],
    ['resets every connection', (socket: Socket) => socket.resetAndDestroy()],
  ])('because it %s is a fault of the database', async (_, handle) => {
    const url = await listen(handle);
    expect(databaseFaultOf(await thrownBy(() => openSession(url)))).toBe('unavailable');
    const { prisma, close } = openDatabase(url);
    const error = await thrownBy(() => prisma.$queryRawUnsafe('SELECT 1'));
    expect(databaseFaultOf(error)).toBe('unavailable');
    await close();
  });

  test('because nobody listens, or the name has no address, is a fault of the database', async () => {
    const url = await listen(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    for (const each of [url, url.replace('127.0.0.1', 'no-such-host.invalid')]) {
      expect(databaseFaultOf(await thrownBy(() => openSession(each)))).toBe('unavailable');
      const { prisma, close } = openDatabase(each);
      const error = await thrownBy(() => prisma.$queryRawUnsafe('SELECT 1'));
      expect(databaseFaultOf(error)).toBe('unavailable');
      await close();
    }
  });
});

test('an error of something else is no fault of the database', () => {
  for (const error of [
    new Error('a rule is broken'),
    new TypeError('x is undefined'),
    Object.assign(new Error('no such file'), { code: 'ENOENT' }),
    undefined,
    'text',
    { code: 42 },
  ]) {
    expect(databaseFaultOf(error)).toBeUndefined();
  }
});
