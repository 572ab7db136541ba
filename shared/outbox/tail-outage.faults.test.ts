import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Pool } from 'pg';
import { pino } from 'pino';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { until } from '../../tests/until.js';
import { projectPath } from '../root.js';
import { Outbox } from './outbox.js';
import { Tail } from './tail.js';

/** A database server that can be unavailable: a way to the real one that is cut and opened again. */
class Way {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  isOpen = true;
  /** Connections that were tried since the start. */
  attempts = 0;

  constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((socket) => {
      this.attempts += 1;
      if (!this.isOpen) {
        socket.resetAndDestroy();
        return;
      }
      const onward = connect(Number(this.#target.port), this.#target.hostname);
      for (const each of [socket, onward]) {
        this.#sockets.add(each);
        each.on('error', () => undefined).on('close', () => this.#sockets.delete(each));
      }
      socket.pipe(onward).pipe(socket);
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.#target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  cut(): void {
    this.isOpen = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

let database: TestDatabase;
let pool: Pool;
let way: Way;
let tail: Tail;

beforeEach(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.url });
  pool.on('error', () => undefined);
  await pool.query(readFileSync(projectPath('shared/outbox/outbox.sql'), 'utf8'));
  way = new Way(database.url);
  const outbox = await Outbox.open(pool, 'test');
  tail = new Tail(await way.open(), outbox, pino({ level: 'silent' }));
  await tail.start();
});
afterEach(async () => {
  await tail.close();
  way.close();
  await pool.end();
  await database.drop();
});

async function listening(): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND query = 'LISTEN outbox'`,
  );
  return rows[0]!.n;
}

test('after any number of outages there is one connection that listens, and in each few attempts', async () => {
  for (let outage = 1; outage <= 3; outage += 1) {
    const before = way.attempts;
    way.cut();
    // Several failed attempts, each of which also ends a connection.
    await until(() => way.attempts >= before + 3);
    way.isOpen = true;
    await until(async () => (await listening()) === 1);
    const after = way.attempts;
    expect(after - before).toBeLessThanOrEqual(5);
    expect(await listening()).toBe(1);
    // A second attempt, had one been scheduled, would be made now.
    await pool.query('SELECT pg_sleep(0.7)');
    expect(await listening()).toBe(1);
    expect(way.attempts).toBe(after);
  }
});

test('a connection that is ended by the server is replaced by one', async () => {
  for (let n = 0; n < 3; n += 1) {
    const { rows } = await pool.query<{ pid: number }>(
      `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query = 'LISTEN outbox'`,
    );
    expect(rows).toHaveLength(1);
    await until(async () => (await listening()) === 1);
  }
});

test('a tail that is closed while its database is unavailable makes no further attempt', async () => {
  way.cut();
  const before = way.attempts;
  await until(() => way.attempts > before);
  await tail.close();
  const after = way.attempts;
  way.isOpen = true;
  await pool.query('SELECT pg_sleep(0.7)');
  expect(way.attempts).toBe(after);
  expect(await listening()).toBe(0);
});
