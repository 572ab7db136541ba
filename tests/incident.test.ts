import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { projectPath } from '../shared/root.js';
import { startHub, type RunningHub } from './running-hub.js';

let hub: RunningHub;
let folder: string;
beforeAll(async () => {
  [hub, folder] = await Promise.all([
    startHub({}, { firstDay: true }),
    mkdtemp(join(tmpdir(), 'incident-')),
  ]);
});
afterAll(() => Promise.all([hub.stop(), rm(folder, { recursive: true })]));

const ROSTER = projectPath('data/manv/patients_44.json');

/** Asks as the control room of an area. */
async function request(area: string, query: string): Promise<any> {
  const identity = { role: 'dispatch', areas: [area], facilities: [], ttl: 300 };
  const token = await issueDevelopmentToken(
    hub.environment['VIERBLATT_DATA']!,
    'vierblatt',
    identity,
  );
  const response = await fetch(hub.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      connection: 'close',
    },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data: any; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

function run(args: string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [projectPath('demo/incident/incident.mjs'), ...args], {
    env: { ...hub.environment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function incident(args: string[], environment?: NodeJS.ProcessEnv) {
  const command = run(args, environment);
  const [out, err, [status]] = await Promise.all([
    text(command.stdout!),
    text(command.stderr!),
    once(command, 'exit') as Promise<[number | null]>,
  ]);
  return { out, err, status };
}

test('the program plays the roster through the gateway, and closes with who went where', async () => {
  const { out, err, status } = await incident(['--patients', ROSTER]);
  expect({ err, status }).toEqual({ err: '', status: 0 });
  const lines = out.trimEnd().split('\n');
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  expect(count(/^\d{3} pre-triage SK_I{1,3}$/)).toBe(44);
  expect(count(/^\d{3} physician (SK_I{1,3}|EX)$/)).toBe(44);
  expect(count(/^\d{3} SK_I to .+, \d+\.\d km, by RTW with physician$/)).toBe(14);
  expect(count(/^\d{3} SK_II to .+, by RTW$/)).toBe(14);
  expect(count(/^\d{3} SK_III to .+, by KTW$/)).toBe(14);
  expect(count(/^\d{3} handed over at /)).toBe(42);
  expect(count(/^At the scene, not transported: \d{3} EX, \d{3} EX$/)).toBe(1);
  expect(lines.at(-1)).toBe('Done: 42 patients handed over, 2 stayed at the scene.');

  const { transfers } = await request(
    '05315',
    `{ transfers(filter: { status: [HANDED_OVER] }, first: 1) {
         totalCount nodes { patient { category } to { name beds(category: ICU_UNSPECIFIED) { free } } } } }`,
  );
  expect(transfers.totalCount).toBe(42);
  // One response of two subgraphs: the patient's, and the facility's.
  expect(transfers.nodes[0]).toEqual({
    patient: { category: expect.stringMatching(/^SK_/) },
    to: { name: expect.any(String), beds: [{ free: expect.anything() }] },
  });
});

test('the program steers a synthetic incident through the gateway, from the plan to the hand-over', async () => {
  const args = ['--casualties', '60', '--places', '2', '--seed', '5', '--area', '06412'];
  const { out, err, status } = await incident(args);
  expect({ err, status }).toEqual({ err: '', status: 0 });
  const lines = out.trimEnd().split('\n');
  expect(lines[0]).toBe('60 casualties registered at 2 scenes.');
  expect(lines[1]).toMatch(
    /^Wave 1 within 100 km: 60 of 60 allocated to a facility \(plan in \S+ s, solver \d+ ms, gap 0\)\.$/,
  );
  expect(lines.filter((line) => / handed over at /.test(line))).toHaveLength(60);
  expect(lines.at(-1)).toMatch(/^Done: 60 of 60 casualties handed over to \d+ facilities\.$/);
  const { incidents } = await request(
    '06412',
    '{ incidents(filter: { area: "06412" }) { nodes { status remaining { atScene onTheWay } allocationPlans { status summary { confirmed lost } } } } }',
  );
  expect(incidents.nodes).toEqual([
    {
      status: 'CLOSED',
      remaining: { atScene: 0, onTheWay: 0 },
      allocationPlans: [{ status: 'CONFIRMED', summary: { confirmed: 60, lost: 0 } }],
    },
  ]);
});

test('Ctrl-C sends nobody else off and brings those on the way', async () => {
  const command = run(['--patients', ROSTER, '--area', '09162']);
  const lines = createInterface({ input: command.stdout! })[Symbol.asyncIterator]();
  const until = async (pattern: RegExp) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`The command ended before ${pattern}.`);
      if (pattern.test(value)) return value;
    }
  };
  await until(/^\d{3} SK_I to /);
  const ended = once(command, 'exit');
  command.kill('SIGINT');
  expect(await until(/^(Stopped|Done): /)).toMatch(/^Stopped: \d+ patients handed over/);
  expect(await ended).toEqual([0, null]);
  const { incidents } = await request(
    '09162',
    '{ incidents(filter: { area: "09162" }) { nodes { status remaining { onTheWay } } } }',
  );
  expect(incidents.nodes).toEqual([{ status: 'OPEN', remaining: { onTheWay: 0 } }]);
});

test.each([
  [
    'a roster that is none',
    () => ['--patients', join(folder, 'roster.json')],
    /is no roster: a JSON list/,
  ],
  [
    'a file that is missing',
    () => ['--patients', join(folder, 'none.json')],
    /none\.json cannot be read/,
  ],
  [
    'an area that is no Kreis',
    () => ['--area', '05'],
    /^--area is "05", expected the AGS of a Kreis/,
  ],
  [
    'a speed of nothing',
    () => ['--speed', '0'],
    /^--speed is "0", expected steps per second above 0/,
  ],
  [
    'a roster and a synthetic incident at once',
    () => ['--patients', ROSTER, '--casualties', '10'],
    /^--patients and --casualties exclude each other/,
  ],
  ['scenes without casualties', () => ['--places', '2'], /^--places belongs to --casualties/],
  [
    'half a casualty',
    () => ['--casualties', '0.5'],
    /^--casualties is "0\.5", expected a whole number from 1 to 20000/,
  ],
  ['an option it does not know', () => ['--token', 'x'], /See npm run incident -- --help\.$/m],
])('the program ends in one line on %s', async (_, args, message) => {
  await writeFile(join(folder, 'roster.json'), '{}');
  const { err, status } = await incident(args());
  expect(status).toBe(1);
  expect(err).toMatch(message);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('the program plays into no hub that takes tokens of an issuer of its own', async () => {
  const { err, status } = await incident([], { OIDC_ISSUER: 'https://issuer.example' });
  expect(status).toBe(1);
  expect(err).toMatch(
    /^OIDC_ISSUER is set\. An incident needs development tokens of several roles/,
  );
});

test('the program explains itself', async () => {
  const { out, status } = await incident(['--help']);
  expect(status).toBe(0);
  expect(out).toMatch(/^npm run incident -- --patients data\/manv\/patients_44\.json/);
});
