import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
import pg from 'pg';
import { pino } from 'pino';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { until } from '../../tests/until.js';
import { openPool } from '../database/pool.js';
import { heavyReadSlots } from '../database/heavy-read-slots.js';
import { asHeavyRead, currentWork, type WorkKind } from '../database/work.js';
import { tokenMint, tokenVerifier } from '../identity/internal-tokens.js';
import type { Outbox } from '../outbox/outbox.js';
import { HEAVY, WORK_HEADER } from '../http/work-header.js';
import { serveSubgraph } from './serve.js';

/** The lock that the resolvers wait for. */
const LOCK = 4711;
const WAIT = `SELECT pg_advisory_xact_lock(${LOCK})`;

let dataFolder: string;
let database: TestDatabase;
let pool: pg.Pool;
let observer: pg.Pool;
let subgraph: Awaited<ReturnType<typeof serveSubgraph>>;
let authorization: string;
let changesDone = 0;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-work-'));
  database = await createDatabase();
  pool = openPool(database.url, 600_000);
  observer = new pg.Pool({ connectionString: database.url, max: 2 });
  subgraph = await serveSubgraph(
    {
      name: 'wards',
      typeDefs: parse(`
        type Query { wait: Int, kind: String! }
        type Mutation { wait: Int, kind: String!, change: Changed! }
        type Changed { count: String! }
      `),
      resolvers: [
        {
          Query: { wait: () => pool.query(WAIT).then(() => 1), kind },
          Mutation: {
            wait: async () => {
              await pool.query(WAIT);
              changesDone += 1;
              return 1;
            },
            kind,
            change: () => ({}),
          },
          Changed: { count: () => asHeavyRead(() => kind()) },
        },
      ],
      cursorField: '',
      context: (caller) => ({ caller, outbox: undefined as unknown as Outbox }),
    },
    {
      host: '127.0.0.1',
      port: 0,
      verify: tokenVerifier(dataFolder, 'wards', ['gateway']),
      log: pino({ level: 'silent' }),
      now: () => new Date(),
    },
  );
  const mint = await tokenMint(dataFolder, 'gateway');
  const claims = { roles: [], scopes: [], areas: [], facilities: [], organisations: [] };
  authorization = `Bearer ${await mint({ claims, mayChange: true }, 'wards')}`;
});
afterAll(async () => {
  await subgraph.close();
  await pool.end();
  await observer.end();
  await database.drop();
  await rm(dataFolder, { recursive: true });
});

function kind(): WorkKind {
  return currentWork().kind;
}

function execute(query: string, headers: Record<string, string> = {}, signal?: AbortSignal) {
  return fetch(subgraph.url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    ...(signal ? { signal } : {}),
  });
}

async function kindOf(query: string, headers?: Record<string, string>): Promise<WorkKind> {
  const response = await execute(query, headers);
  return ((await response.json()) as { data: { kind: WorkKind } }).data.kind;
}

async function waiting(): Promise<number> {
  const { rows } = await observer.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND query = $1 AND wait_event_type = 'Lock'`,
    [WAIT],
  );
  return rows[0]!.count;
}

async function untilWaiting(count: number): Promise<void> {
  while ((await waiting()) !== count);
}

/** Sends it while the lock is held, and disconnects while it waits. */
async function disconnectDuring(operation: string, whileHeld: () => Promise<void>): Promise<void> {
  const holder = await observer.connect();
  await holder.query('BEGIN');
  await holder.query(WAIT);
  const leaving = new AbortController();
  const response = execute(operation, {}, leaving.signal).catch(
    (error: unknown) => (error as Error).name,
  );
  await untilWaiting(1);
  leaving.abort();
  expect(await response).toBe('AbortError');
  await whileHeld();
  await holder.query('COMMIT');
  holder.release();
}

test('a query whose client disconnects is stopped at the database', async () => {
  await disconnectDuring('{ wait }', () => untilWaiting(0));
});

test('a mutation whose client disconnects runs to its end', async () => {
  await disconnectDuring('mutation { wait }', async () => {
    // A query that comes and goes meanwhile: by then the server has noticed that senders left.
    const leaving = new AbortController();
    const query = execute('{ wait }', {}, leaving.signal).catch(() => undefined);
    await untilWaiting(2);
    leaving.abort();
    await query;
    await untilWaiting(1);
    expect(changesDone).toBe(0);
  });
  await until(() => changesDone > 0);
});

test('queries are reads, heavy ones where the gateway says so, and mutations are changes', async () => {
  expect(await kindOf('{ kind }')).toBe('read');
  expect(await kindOf('{ kind }', { [WORK_HEADER]: HEAVY })).toBe('heavyRead');
  expect(await kindOf('mutation { kind }', { [WORK_HEADER]: HEAVY })).toBe('change');
});

test('a read of the outcome of a mutation waits for no turn of heavy reads', async () => {
  const end = await heavyReadSlots.acquire();
  try {
    const response = await execute('mutation { change { count } }');
    expect(await response.json()).toEqual({ data: { change: { count: 'read' } } });
  } finally {
    end();
  }
});
