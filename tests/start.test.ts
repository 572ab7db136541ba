import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINUTE_MS } from '../shared/time/rules.js';
import { freePort } from '../start/host/free-port.js';
import { hasExited } from '../start/postgres/postmaster.js';
import { createDatabase } from './cluster/database.js';
import { startedDataFolder } from './running-hub.js';
import { descendantsOf } from './starting/descendants.js';
import { endProgram } from './starting/end-program.js';
import { npmStart, until, type StartRun } from './starting/start-run.js';
import { slowness } from './speed/slowness.js';

const isRoot = process.getuid?.() === 0;
/** From the signal to the last process. Promised are 10 s; a machine that is busy with other things may need longer. */
const END_WITHIN_MS = MINUTE_MS;

let folder: string;
let data: string;
let settings: { PORT: string; CAPACITY_URL: string; VIERBLATT_DATA: string };
const runs: StartRun[] = [];

// One data folder for all, on which a hub has run. The start of an ordinary user, below, is the first on its own.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vierblatt-start-'));
  data = await startedDataFolder('without the first day');
  settings = {
    PORT: String(await freePort()),
    CAPACITY_URL: `http://127.0.0.1:${await freePort()}/graphql`,
    VIERBLATT_DATA: data,
  };
});
afterEach(async () => {
  for (const run of runs.splice(0)) await endProgram(run.pid, run.ended);
});
afterAll(async () => {
  for (const made of [folder, data]) {
    await rm(made, { recursive: true, force: true });
  }
});

function start(
  changes: Record<string, string> = {},
  how: Parameters<typeof npmStart>[1] = {},
): StartRun {
  const run = npmStart({ ...settings, ...changes }, how);
  runs.push(run);
  return run;
}

/** Everything a start began, found while it runs: the database is in another session, but still its child. */
async function processesOf(run: StartRun): Promise<number[]> {
  return (await descendantsOf(run.pid)).map(({ pid }) => pid);
}

async function endOf(run: StartRun, pids: number[], signal: () => void) {
  const since = Date.now();
  signal();
  const status = await run.ended;
  const left = await Promise.all(pids.map(async (pid) => ((await hasExited(pid)) ? [] : [pid])));
  return { status, left: left.flat(), inTime: Date.now() - since < END_WITHIN_MS * slowness() };
}

const CLEAN_END = { status: 0, left: [], inTime: true };
const serverFile = () => join(settings.VIERBLATT_DATA, 'postgres/postmaster.pid');
const statusOf = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

describe('npm start', () => {
  it('is ready in its last line, keeps its secrets, brings back a child that was killed, and is ended by SIGTERM to npm', async () => {
    const run = start({}, { throughNpm: true });
    await run.ready;
    const gateway = `http://127.0.0.1:${settings.PORT}`;

    expect(run.output.slice(-2)).toEqual([
      `Sandbox: ${gateway}/sandbox`,
      `Vierblatt is ready: ${gateway}/graphql`,
    ]);
    expect(await statusOf(`${gateway}/sandbox`)).toBe(200);
    for (const file of [
      'postgres-password',
      'keys/gateway.private.json',
      'keys/capacity.private.json',
    ]) {
      expect([file, (await stat(join(settings.VIERBLATT_DATA, file))).mode & 0o777]).toEqual([
        file,
        0o600,
      ]);
    }

    const capacity = (await descendantsOf(run.pid)).find(({ command }) =>
      command.includes('capacity/server.js'),
    )!;
    process.kill(capacity.pid, 'SIGKILL');
    expect(await run.complaint(/ended/)).toBe(
      'The capacity ended with signal SIGKILL. Starting it again.',
    );
    await until(folder, async () => (await statusOf(settings.CAPACITY_URL)) > 0);

    const pids = await processesOf(run);
    expect(pids.length).toBeGreaterThan(2);
    expect(await endOf(run, pids, () => process.kill(run.pid, 'SIGTERM'))).toEqual(CLEAN_END);
    expect(existsSync(serverFile())).toBe(false);
    expect(run.output.at(-1)).toMatch(/^Vierblatt is ready/);
    expect(run.complaints).toHaveLength(1);
  });

  it('is ended by Ctrl-C, which reaches the whole group, also when it is pressed twice', async () => {
    const run = start({}, { throughNpm: true });
    await run.ready;
    const pids = await processesOf(run);
    const ctrlC = () => process.kill(-run.pid, 'SIGINT');
    expect(await endOf(run, pids, () => (ctrlC(), ctrlC()))).toEqual(CLEAN_END);
    expect(existsSync(serverFile())).toBe(false);
    expect(run.complaints).toEqual([]);
  });

  it('refuses a second start on its data folder, on the same ports and on others; when it was killed, the next start adopts its database, and ends it too', async () => {
    const killed = start();
    await killed.ready;
    const others = {
      PORT: String(await freePort()),
      CAPACITY_URL: `http://127.0.0.1:${await freePort()}/graphql`,
    };
    for (const changes of [{}, others]) {
      expect(await refusalOf(changes)).toMatch(
        /^Vierblatt already runs on the data folder .* Stop it first, or set VIERBLATT_DATA \(and PORT\)/,
      );
    }
    expect(await statusOf(`http://127.0.0.1:${settings.PORT}/sandbox`)).toBe(200);

    const orphans = await processesOf(killed);
    process.kill(killed.pid, 'SIGKILL');
    const server = Number((await readFile(serverFile(), 'utf8')).split('\n')[0]);

    const run = start();
    await run.ready;
    expect(await hasExited(server)).toBe(false);
    const pids = [...orphans, ...(await processesOf(run))];
    expect(await endOf(run, pids, () => process.kill(run.pid, 'SIGTERM'))).toEqual(CLEAN_END);
    expect(pids).toContain(server);
    expect(existsSync(serverFile())).toBe(false);
    expect(run.output.at(-1)).toMatch(/^Vierblatt is ready/);
  });

  (isRoot ? it : it.skip)('works as an ordinary user too', async () => {
    const home = join(folder, 'home');
    await mkdir(home);
    await chmod(folder, 0o711);
    // `daemon` on every Unix
    const uid = 1;
    await chown(home, uid, uid);
    const run = start({ VIERBLATT_DATA: join(home, 'data') }, { uid });
    await run.ready;
    const pids = await processesOf(run);
    expect(await endOf(run, pids, () => process.kill(run.pid, 'SIGTERM'))).toEqual(CLEAN_END);
    expect((await stat(join(home, 'data'))).mode & 0o777).toBe(0o700);
  });

  it('is ended while it still starts', async () => {
    const run = start({ VIERBLATT_DATA: join(folder, 'broken-off') });
    await until(folder, () => existsSync(join(folder, 'broken-off')));
    const pids = await processesOf(run);
    expect(await endOf(run, pids, () => process.kill(run.pid, 'SIGTERM'))).toEqual(CLEAN_END);
    expect(run.complaints).toEqual([]);
  });
});

/** The one line of a start that cannot be. */
async function refusalOf(changes: Record<string, string>): Promise<string> {
  const run = start(changes);
  expect(await run.ended).toBe(1);
  expect(run.output).toEqual([]);
  expect(run.complaints).toHaveLength(1);
  return run.complaints[0]!;
}

describe('npm start says in one line what to do', () => {
  it.each(['gateway', 'capacity'])('when the port of the %s is in use', async (name) => {
    const rival = createServer();
    const port =
      name === 'gateway' ? Number(settings.PORT) : Number(new URL(settings.CAPACITY_URL).port);
    await new Promise<void>((resolve) => rival.listen(port, '127.0.0.1', resolve));
    try {
      expect(await refusalOf({})).toMatch(
        new RegExp(
          `^Port ${port} for the ${name} .* is in use by another program\\. Free it, or set PORT`,
        ),
      );
    } finally {
      rival.close();
    }
  });

  it('when two ports are the same', async () => {
    expect(await refusalOf({ CAPACITY_URL: `http://127.0.0.1:${settings.PORT}/graphql` })).toMatch(
      /is that of the gateway too\. Free it, or set PORT, or CAPACITY_URL/,
    );
  });

  it('when the data folder cannot be written', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const folder of [join(file, 'data'), file, '/proc/vierblatt']) {
      expect(await refusalOf({ VIERBLATT_DATA: folder })).toMatch(
        /^The data folder .* cannot be written .* set VIERBLATT_DATA to a folder that is\.$/,
      );
    }
  });

  it('when a database cannot be used, and keeps its password to itself', async () => {
    const database = await createDatabase();
    const wrong = new URL(database.url);
    wrong.password = 'guessed-secret';
    const missing = new URL(database.url);
    missing.pathname = '/no_such_database';
    for (const [url, reason] of [
      [wrong.href, /^CAPACITY_DATABASE_URL .*password authentication failed/],
      [missing.href, /^CAPACITY_DATABASE_URL .*"no_such_database" does not exist/],
      [
        `postgresql://me:guessed-secret@127.0.0.1:${await freePort()}/x`,
        /^CAPACITY_DATABASE_URL .*ECONNREFUSED/,
      ],
      [
        'mysql://me:guessed-secret@127.0.0.1/x',
        /CAPACITY_DATABASE_URL cannot be used: .*PostgreSQL is needed/,
      ],
      [
        'postgresql//me:guessed-secret@x',
        /CAPACITY_DATABASE_URL cannot be used: it is no URL such as/,
      ],
    ] as const) {
      const line = await refusalOf({ CAPACITY_DATABASE_URL: url });
      expect(line).toMatch(reason);
      expect(line).not.toContain('guessed-secret');
      expect(line).not.toContain(new URL(database.url).password);
    }
    await database.drop();
  });

  it('when a setting makes no sense', async () => {
    expect(await refusalOf({ PORT: 'x' })).toMatch(/^Setting PORT cannot be used/);
    expect(await refusalOf({ HOST: '0.0.0.0' })).toMatch(/^HOST is 0\.0\.0\.0.*Set OIDC_ISSUER/);
  });
});
