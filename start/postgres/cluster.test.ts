import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inheritedEnvironment } from '../../tests/environment.js';
import { projectPath } from '../../shared/root.js';
import { startCluster, type Cluster } from './cluster.js';
import { freePort } from '../host/free-port.js';
import { hasExited, readPostmaster, SERVER_LIMITS } from './postmaster.js';
import { changeIn } from '../host/waiting.js';
import { slowness } from '../../tests/speed/slowness.js';

const isRoot = process.getuid?.() === 0;

let folder: string;
const prepare = () => cp(prepared, folder, { recursive: true });
const leftToEnd: (() => Promise<unknown>)[] = [];
/** A data folder whose database is made already: a copy of it starts sooner. */
let prepared: string;
beforeAll(async () => {
  prepared = await mkdtemp(join(tmpdir(), 'vierblatt-cluster-'));
  await (await startCluster(prepared)).stop();
});
afterAll(() => rm(prepared, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vierblatt-cluster-'));
});
afterEach(async () => {
  await Promise.all(leftToEnd.splice(0).map((end) => end()));
  await rm(folder, { recursive: true, force: true });
});

async function start(report?: (line: string) => void): Promise<Cluster> {
  const cluster = await startCluster(folder, report ? { report } : {});
  leftToEnd.push(() => cluster.stop());
  return cluster;
}

type Word = { url: string; adopted: boolean; refused?: undefined } | { refused: string };

/** Another process that starts the cluster of the folder, and what it said. */
async function startElsewhere(): Promise<{ owner: ChildProcess; word: Word }> {
  const owner = fork(projectPath('start/postgres/testing/cluster-owner.mjs'), [folder], {
    env: inheritedEnvironment(),
    execArgv: [],
  });
  const ended = once(owner, 'exit');
  leftToEnd.push(() => (owner.kill('SIGTERM'), ended));
  const [word] = (await once(owner, 'message')) as [Word];
  return { owner, word };
}

async function kill(owner: ChildProcess): Promise<void> {
  const ended = once(owner, 'exit');
  owner.kill('SIGKILL');
  await ended;
}

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const session = new pg.Client(url);
  session.on('error', () => {});
  try {
    await session.connect();
    return (await session.query(statement)).rows;
  } finally {
    await session.end();
  }
}

/** The first message of a client, protocol version 3.0: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function startupMessage(user: string): Buffer {
  const words = Buffer.from(`user\0${user}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + words.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, words]);
}

const postmasterPid = async () => (await readPostmaster(join(folder, 'postgres')))!.pid;
const modeOf = async (...path: string[]) => (await stat(join(folder, ...path))).mode & 0o777;

describe('the embedded cluster', () => {
  it('keeps its password to its user, writes to disk and listens on the loopback only', async () => {
    const cluster = await start();
    const url = cluster.url('postgres');

    expect(await modeOf('postgres-password')).toBe(0o600);
    expect(await modeOf('postgres')).toBe(0o700);
    expect(
      await query(
        url,
        `SELECT name, setting FROM pg_settings WHERE name IN
         ('fsync', 'listen_addresses', 'unix_socket_directories', 'password_encryption') ORDER BY name`,
      ),
    ).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'password_encryption', setting: 'scram-sha-256' },
      { name: 'unix_socket_directories', setting: '' },
    ]);
    const guess = new URL(url);
    guess.password = 'guess';
    await expect(query(guess.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('serves its users again after connections that say nothing, or no password, are closed', async () => {
    await prepare();
    const cluster = await start();
    const { port } = new URL(cluster.url('postgres'));
    // More than there is room for: twice as many may be unidentified as may be at work.
    const silent = Array.from({ length: 600 }, () =>
      connect({ host: '127.0.0.1', port: Number(port) }),
    );
    leftToEnd.push(async () => silent.forEach((socket) => socket.destroy()));
    const closed = silent.map((socket, index) => {
      // Every other one names a user, which needs a connection slot, and goes no further.
      if (index % 2 === 0) socket.on('connect', () => socket.write(startupMessage('postgres')));
      socket.on('error', () => undefined).resume();
      return once(socket, 'close');
    });

    const since = performance.now();
    await Promise.all(closed);

    expect(performance.now() - since).toBeLessThan(50_000 * slowness());
    expect(await query(cluster.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const limits = `SELECT concat_ws('=', name, current_setting(name)) AS limit FROM pg_settings
      WHERE name = ANY('{max_connections,superuser_reserved_connections,authentication_timeout}')`;
    const set = (await query(cluster.url('postgres'), limits)).map(({ limit }) => limit);
    expect(set.sort()).toEqual([...SERVER_LIMITS].sort());
  });

  it('keeps its data, makes a database once, and leaves no process and no lock', async () => {
    const first = await start();
    await first.ensureDatabase('capacity');
    await query(first.url('capacity'), 'CREATE TABLE bed AS SELECT 7 AS number');
    const pid = await postmasterPid();
    await first.stop();

    expect(await hasExited(pid)).toBe(true);
    expect(existsSync(join(folder, 'postgres', 'postmaster.pid'))).toBe(false);

    const second = await start();
    await second.ensureDatabase('capacity');
    expect(second.adopted).toBe(false);
    expect(await query(second.url('capacity'), 'SELECT number FROM bed')).toEqual([{ number: 7 }]);
  });

  it('adopts the server of an owner that was killed, and ends it', async () => {
    await prepare();
    const { owner, word } = await startElsewhere();
    await kill(owner);
    const pid = await postmasterPid();

    const cluster = await start();

    expect(cluster.adopted).toBe(true);
    expect({ url: cluster.url('postgres') }).toEqual({ url: (word as { url: string }).url });
    await cluster.stop();
    expect(await hasExited(pid)).toBe(true);
    expect(existsSync(join(folder, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('starts after owner and server were killed', async () => {
    await prepare();
    const { owner } = await startElsewhere();
    process.kill(await postmasterPid(), 'SIGKILL');
    await kill(owner);

    const cluster = await start();

    expect(cluster.adopted).toBe(false);
    expect(await query(cluster.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts although the number of a dead server belongs to another program now', async () => {
    await prepare();
    const directory = join(folder, 'postgres');
    const lines = [process.pid, directory, 1, await freePort(), '', '127.0.0.1', '', 'ready'];
    await writeFile(join(directory, 'postmaster.pid'), lines.join('\n'));

    const cluster = await start();

    expect(await query(cluster.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses a second owner while the first one lives', async () => {
    await prepare();
    const cluster = await start();

    const { word } = await startElsewhere();

    expect(word.refused).toMatch(
      /^Vierblatt already runs on the data folder .* Stop it first, or set VIERBLATT_DATA/,
    );
    expect(word.refused).toContain(folder);
    expect(await query(cluster.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('lets one of two starts at the same moment win', async () => {
    const starts = await Promise.all([startElsewhere(), startElsewhere()]);

    const refusals = starts.map(({ word }) => word.refused).filter((line) => line !== undefined);
    expect(refusals).toEqual([
      expect.stringContaining('Vierblatt already runs on the data folder'),
    ]);
    expect((await readdir(folder)).filter((name) => name.startsWith('postgres-new-'))).toEqual([]);
  });

  it('brings back a server that was killed, at the same address', async () => {
    await prepare();
    const lines: string[] = [];
    const cluster = await start((line) => lines.push(line));
    const killed = await postmasterPid();
    process.kill(killed, 'SIGKILL');

    const select = async (): Promise<Record<string, unknown>[]> => {
      try {
        return await query(cluster.url('postgres'), 'SELECT 1 AS one');
      } catch {
        await changeIn(join(folder, 'postgres'), 100);
        return select();
      }
    };
    expect(await select()).toEqual([{ one: 1 }]);
    expect(lines[0]).toBe('The embedded PostgreSQL ended unexpectedly; starting it again.');
    expect(await postmasterPid()).not.toBe(killed);
    await expect(startElsewhere().then(({ word }) => word.refused)).resolves.toBeDefined();
  });

  it('leaves nothing behind when the start is broken off', async () => {
    const breakOff = new AbortController();
    const starting = startCluster(folder, { signal: breakOff.signal });
    const refused = expect(starting).rejects.toThrow('aborted');
    // The very first thing a start does there is to make the database.
    while (!(await readdir(folder)).some((name) => name.startsWith('postgres')))
      await changeIn(folder, 50);
    breakOff.abort();

    await refused;
    expect((await readdir(folder)).filter((name) => name.startsWith('postgres-new-'))).toEqual([]);
    expect(await readPostmaster(join(folder, 'postgres'))).toBeUndefined();
  });

  it('says what to do when the password file is lost', async () => {
    await prepare();
    await (await start()).stop();
    await rm(join(folder, 'postgres-password'));

    await expect(start()).rejects.toThrow(/postgres-password is missing.*Bring the file back/);
  });

  (isRoot ? it : it.skip)(
    'runs as another user for root, also below a folder of mode 700',
    async () => {
      const outer = folder;
      await chmod(outer, 0o700);
      folder = join(outer, 'inner');
      await mkdir(folder, { mode: 0o700 });
      try {
        const cluster = await start();
        expect((await stat(`/proc/${await postmasterPid()}`)).uid).not.toBe(0);
        expect(await query(cluster.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
        expect((await stat(join(folder, 'postgres-password'))).uid).toBe(0);
        await cluster.stop();
      } finally {
        folder = outer;
      }
    },
  );
});
