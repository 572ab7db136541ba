import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { projectPath } from '../shared/root.js';
import { startHub, type RunningHub } from './running-hub.js';

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({}, { firstDay: true });
});
afterAll(() => hub.stop());

async function blackout(args: string[], environment: NodeJS.ProcessEnv = {}) {
  const command = spawn(process.execPath, [projectPath('demo/blackout/blackout.mjs'), ...args], {
    env: { ...hub.environment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [status]] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, 'exit') as Promise<[number | null]>,
  ]);
  return { out, err, status };
}

/** Requests as the crisis staff of North Rhine-Westphalia. */
async function request(query: string): Promise<any> {
  const identity = { role: 'crisis-staff', areas: ['05'], facilities: [], ttl: 300 };
  const dataFolder = hub.environment['VIERBLATT_DATA']!;
  const token = await issueDevelopmentToken(dataFolder, 'vierblatt', identity);
  const response = await fetch(hub.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data: any; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

test('the program plays a blackout through the gateway: beds leave the plan before they fail, and return with the fuel', async () => {
  const { out, err, status } = await blackout(['--hours', '6', '--kreise', '1', '--lorries', '2']);
  expect({ err, status }).toEqual({ err: '', status: 0 });
  const lines = out.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^The grid fails in .+: \d+ hospitals with \d+ beds of intensive care/);
  expect(
    lines.filter((line) => /^Hour \d: out of the plan \d+ of \d+ hospitals/.test(line)),
  ).toHaveLength(7);
  expect(out).toMatch(/ requests \d+ l: fuel for \d+\.\d h, \d+ beds of intensive care\.\n/);
  expect(out).toMatch(/ leaves the plan: fuel for 5\.\d h, /);
  expect(out).toMatch(
    /Refuelling plan of 2 lorries: \d+ stops?, \d+ beds of intensive care kept of at most \d+\./,
  );
  expect(out).toMatch(/ has received \d+ l: fuel for \d+\.\d h\.\n/);
  expect(out).toMatch(/ is back in the plan: fuel for \d+\.\d h\.\n/);
  expect(out).toMatch(/\nHour 6: the grid is back, and every hospital is in the plan\.\n/);
  const [, left, returned] = /: (\d+) left the plan in \d+ hospitals, (\d+) returned in/.exec(out)!;
  expect(Number(left)).toBeGreaterThan(0);
  expect(Number(returned)).toBeGreaterThan(0);
  expect(lines.at(-1)).toMatch(
    /^Done: \d+ hospitals without the grid for 6 h, 0 failed before help\.$/,
  );

  const { supplyRequests, lifelines } = await request(
    `{ supplyRequests(filter: { area: "05" }, first: 100) { nodes { status lines { delivered inTransit } } }
       lifelines(filter: { area: "05", kind: GENERATOR_FUEL, below: 1000 }) { nodes { id } } }`,
  );
  // Nothing is left on its way, and no generator runs any more.
  const parts = supplyRequests.nodes.flatMap(({ lines: all }: { lines: object[] }) => all);
  expect(parts.some(({ delivered }: { delivered: number }) => delivered > 0)).toBe(true);
  expect(parts.every(({ inTransit }: { inTransit: number }) => inTransit === 0)).toBe(true);
  expect(lifelines.nodes).toEqual([]);
});

test.each([
  ['an area that is none', ['--area', '5'], /^--area is "5", expected an AGS prefix/],
  ['half an hour', ['--hours', '0.5'], /^--hours is "0\.5", expected a whole number from 1 to 72/],
  ['no lorry', ['--lorries', '0'], /^--lorries is "0", expected a whole number/],
  ['a speed of nothing', ['--speed', '0'], /^--speed is "0", expected played hours per second/],
  ['an option it does not know', ['--token', 'x'], /See npm run blackout -- --help\.$/m],
])('the program ends in one line on %s', async (_, args, message) => {
  const { err, status } = await blackout(args);
  expect(status).toBe(1);
  expect(err).toMatch(message);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('the program plays into no hub that takes tokens of an issuer of its own', async () => {
  const { err, status } = await blackout([], { OIDC_ISSUER: 'https://issuer.example' });
  expect(status).toBe(1);
  expect(err).toMatch(/^OIDC_ISSUER is set\. A blackout needs development tokens of several roles/);
});

test('the program explains itself', async () => {
  const { out, status } = await blackout(['--help']);
  expect(status).toBe(0);
  expect(out).toMatch(/^npm run blackout -- --area 05 --hours 12/);
});
