import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { request } from 'undici';
import { cleanEnvironment } from './environment.js';
import { projectPath } from '../shared/root.js';
import { freePort } from '../start/host/free-port.js';
import { startedDataFolder } from './running-hub.js';
import { endProgram } from './starting/end-program.js';
import { npmStart, type StartRun } from './starting/start-run.js';

let folder: string;
let data: string;
let settings: Record<string, string>;
let run: StartRun | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vierblatt-environment-'));
  data = await startedDataFolder('without the first day');
  settings = { PORT: String(await freePort()), VIERBLATT_DATA: data };
});
afterEach(async () => {
  if (run) await endProgram(run.pid, run.ended);
});
afterAll(async () => {
  for (const made of [folder, data]) {
    await rm(made, { recursive: true, force: true });
  }
});

/** Every variable by which libpq or the pg package can be led elsewhere. */
const POSTGRES_VARIABLES = {
  PGHOST: '192.0.2.1',
  PGHOSTADDR: '192.0.2.1',
  PGPORT: '1',
  PGUSER: 'somebody',
  PGPASSWORD: 'wrong',
  PGPASSFILE: '/nowhere',
  PGDATABASE: 'elsewhere',
  PGSERVICE: 'elsewhere',
  PGDATA: '/nowhere',
  PGSSLMODE: 'require',
  PGSSLROOTCERT: '/nowhere',
  PGSSLNEGOTIATION: 'direct',
  PGOPTIONS: '-c search_path=nowhere -c default_transaction_read_only=on',
  PGAPPNAME: 'the shell',
  PGCLIENT_ENCODING: 'LATIN1',
  PGREPLICATION: 'database',
  PGCONNECT_TIMEOUT: '1',
  PGTZ: 'Asia/Tokyo',
  PGDATESTYLE: 'German',
  NODE_PG_FORCE_NATIVE: '1',
};

async function namesOfLaender(origin: string): Promise<unknown> {
  const { stdout: token } = await promisify(execFile)(
    process.execPath,
    [projectPath('start/token.mjs'), '--role', 'service', '--area', 'DE'],
    { env: cleanEnvironment(settings) },
  );
  const { body } = await request(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token.trim()}` },
    body: JSON.stringify({
      query: '{ regions(level: LAND) { name } incidents(first: 1) { nodes { id } } }',
    }),
  });
  return body.json();
}

const statusOf = async (url: string) => (await request(url)).statusCode;
const WHOLE = {
  data: { regions: expect.arrayContaining([{ name: 'Thüringen' }]), incidents: { nodes: [] } },
};

test.each([
  ['::1', '[::1]', {}],
  ['127.0.0.2', '127.0.0.2', {}],
  ['localhost', 'localhost', POSTGRES_VARIABLES],
])(
  'with HOST=%s the gateway listens there, finds its subgraphs, and says so; no variable of the shell reaches the embedded database or its clients',
  async (host, name, ofTheShell) => {
    run = npmStart({ ...settings, ...ofTheShell, HOST: host });
    await run.ready;
    const origin = `http://${name}:${settings['PORT']}`;
    expect(run.output.at(-1)).toBe(`Vierblatt is ready: ${origin}/graphql`);
    expect(await statusOf(`${origin}/readyz`)).toBe(200);
    expect(await namesOfLaender(origin)).toEqual(WHOLE);
    expect(run.complaints).toEqual([]);
  },
);

test('a start that cannot go on leaves no database server behind', async () => {
  // Nothing that a database is: the subgraph refuses it, after the embedded server was started for the other one.
  const refused = join(folder, 'refused');
  run = npmStart({ ...settings, VIERBLATT_DATA: refused, PZC_LIST: join(folder, 'no-such-file') });
  expect(await run.ended).toBe(1);
  expect(run.complaints.at(-1)).toContain('PZC_LIST');
  expect(
    await promisify(execFile)('ps', ['-A', '-o', 'args=']).then(({ stdout }) => stdout),
  ).not.toContain(refused);
});
