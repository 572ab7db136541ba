import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { SHIPPED_REGISTER } from '../demo/replay/options.js';
import { readRegister } from '../demo/replay/register.js';
import { projectPath } from '../shared/root.js';
import { startHub, type RunningHub } from './running-hub.js';

let hub: RunningHub;
let folder: string;
beforeAll(async () => {
  [hub, folder] = await Promise.all([
    startHub({}, { firstDay: true }),
    mkdtemp(join(tmpdir(), 'replay-')),
  ]);
});
afterAll(() => Promise.all([hub.stop(), rm(folder, { recursive: true })]));

interface Beds {
  operable: number | null;
  occupied: number | null;
  free: number | null;
}

async function request<Data>(query: string, variables: object = {}): Promise<Data> {
  const response = await fetch(hub.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await hub.token()}`,
      connection: 'close',
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

/** Intensive care per Kreis as the hub sums it; Kreise that report none are left out. */
async function kreiseOfHub(): Promise<Map<string, Beds>> {
  const { regions } = await request<{ regions: { code: string; beds: Beds[] }[] }>(
    '{ regions(level: KREIS) { code beds(category: ICU_UNSPECIFIED) { operable occupied free } } }',
  );
  return new Map(
    regions.flatMap(({ code, beds }) =>
      beds[0] && beds[0].operable !== null ? [[code, beds[0]]] : [],
    ),
  );
}

async function kreiseOfRegister(day: string, file = SHIPPED_REGISTER): Promise<Map<string, Beds>> {
  const { days } = await readRegister(file, day, day);
  return new Map(days.get(day)!.map(({ kreis, ...beds }) => [kreis, beds]));
}

function run(args: string[]): ChildProcess {
  return spawn(process.execPath, [projectPath('demo/replay/replay.mjs'), ...args], {
    env: hub.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function replay(...args: string[]) {
  const command = run(args);
  const [out, err, [status]] = await Promise.all([
    text(command.stdout!),
    text(command.stderr!),
    once(command, 'exit') as Promise<[number | null]>,
  ]);
  return { out, err, status };
}

const inOrder = (kreise: Map<string, Beds>) => [...kreise].sort(([a], [b]) => (a < b ? -1 : 1));

test('a new hub shows the first of October 2020, exact in every Kreis', async () => {
  expect(inOrder(await kreiseOfHub())).toEqual(inOrder(await kreiseOfRegister('2020-10-01')));
});

test('after each replayed day every Kreis sums to exactly what the register states', async () => {
  for (const day of ['2020-10-02', '2020-12-31']) {
    const { out, err, status } = await replay('--from', day, '--to', day);
    expect({ err, status }).toEqual({ err: '', status: 0 });
    expect(out).toMatch(
      new RegExp(`^Done after ${day}: \\d+ reports accepted, 0 refused\\.$`, 'm'),
    );
    expect(inOrder(await kreiseOfHub())).toEqual(inOrder(await kreiseOfRegister(day)));
  }
});

test('a replayed number is modelled, observed now, and names the register and its day', async () => {
  const before = Date.now();
  await replay('--from', '2020-11-01', '--to', '2020-11-02');
  const { facilities } = await request<{
    facilities: {
      nodes: {
        kind: string;
        beds: { provenance: { source: string; method: string; observedAt: string } }[];
      }[];
    };
  }>(`{ facilities(filter: { area: "03401", kinds: [HOSPITAL] }) {
        nodes { kind beds(category: ICU_UNSPECIFIED) { provenance { source method observedAt } } }
      } }`);
  expect(facilities.nodes.length).toBeGreaterThan(0);
  const { beds } = facilities.nodes[0]!;
  expect(beds[0]!.provenance).toMatchObject({
    source: 'DIVI-Intensivregister 2020-11-02',
    method: 'MODELLED',
  });
  const observedAt = Date.parse(beds[0]!.provenance.observedAt);
  expect(observedAt).toBeGreaterThanOrEqual(before);
  expect(observedAt).toBeLessThanOrEqual(Date.now());
});

test('Eisenach is counted once, in the Wartburgkreis that it is part of', async () => {
  await replay('--from', '2020-10-01', '--to', '2020-10-01');
  const { country, land, kreis, former, facilities } = await request<{
    country: { beds: Beds[] };
    land: { beds: Beds[] };
    kreis: { beds: Beds[] };
    former: { name: string; beds: (Beds & { facilities: number })[] };
    facilities: { nodes: { area: string }[] };
  }>(`{
    country: region(code: "DE") { beds(category: ICU_UNSPECIFIED) { operable occupied } }
    land: region(code: "16") { beds(category: ICU_UNSPECIFIED) { operable occupied } }
    kreis: region(code: "16063") { beds(category: ICU_UNSPECIFIED) { operable occupied } }
    former: region(code: "16056") { name beds(category: ICU_UNSPECIFIED) { operable occupied facilities } }
    facilities(filter: { area: "16056" }) { nodes { area } }
  }`);
  expect(country.beds).toEqual([{ operable: 30_513, occupied: 21_811 }]);
  expect(land.beds).toEqual([{ operable: 927, occupied: 634 }]);
  expect(kreis.beds).toEqual([{ operable: 121, occupied: 86 }]);
  expect(former.name).toContain('Eisenach');
  expect(former.beds).toEqual([{ operable: null, occupied: null, facilities: 0 }]);
  expect(facilities.nodes.length).toBeGreaterThan(1);
  for (const { area } of facilities.nodes) expect(area).toBe('16063');
});

test('a Kreis whose numbers end is not reported from then on, and the replay says so', async () => {
  const file = join(folder, 'ending.csv');
  const rows = [
    '2022-01-12,16063,120,80,40',
    '2022-01-12,16061,60,40,20',
    '2022-01-13,16061,61,41,20',
  ];
  await writeFile(
    file,
    `datum,landkreis_id,intensivbetten_gesamt,intensivbetten_belegt,intensivbetten_frei\n${rows.join('\n')}\n`,
  );
  const { err, status } = await replay(
    '--from',
    '2022-01-12',
    '--to',
    '2022-01-13',
    '--file',
    file,
  );
  expect(status).toBe(0);
  expect(err).toContain(
    'Kreis 16063 has no numbers after 2022-01-12: its facilities are NOT_REPORTED from 2022-01-13 on.',
  );
  const { region } = await request<{
    region: {
      beds: { operable: number | null; statuses: { status: string; facilities: number }[] }[];
    };
  }>(
    `{ region(code: "16063") { beds(category: ICU_UNSPECIFIED) { operable statuses { status facilities } } } }`,
  );
  expect(region.beds[0]!.operable).toBeNull();
  for (const { status: state, facilities } of region.beds[0]!.statuses) {
    expect(facilities > 0).toBe(state === 'NOT_REPORTED');
  }
  expect((await kreiseOfHub()).get('16061')).toEqual({ operable: 61, occupied: 41, free: 20 });
});

test('the sums are exact where beds are blocked, a Kreis is overfull, or wards are overfull and free at once', async () => {
  const file = join(folder, 'strange.csv');
  const rows = [
    '2022-01-01,05315,500,480,12',
    '2022-01-01,09162,400,460,0',
    '2022-01-01,11000,1000,990,25',
    '2022-01-01,02000,0,0,0',
  ];
  await writeFile(
    file,
    `datum,landkreis_id,intensivbetten_gesamt,intensivbetten_belegt,intensivbetten_frei\r\n${rows.join('\r\n')}\r\n`,
  );
  const others = inOrder(await kreiseOfHub());
  const expected = await kreiseOfRegister('2022-01-01', file);
  expect(await replay('--from', '2022-01-01', '--to', '2022-01-01', '--file', file)).toMatchObject({
    err: '',
    status: 0,
  });
  // A Kreis without a row that day reports nothing: the others stay as they were.
  expect(inOrder(await kreiseOfHub())).toEqual(inOrder(new Map([...others, ...expected])));
});

test('a facility’s own report is subtracted from its Kreis, and the rest of the register is divided over the others', async () => {
  const day = '2020-10-03';
  await replay('--from', day, '--to', day);
  const { facilities } = await request<{ facilities: { nodes: { id: string }[] } }>(
    '{ facilities(filter: { area: "05315", category: ICU_UNSPECIFIED }) { nodes { id } } }',
  );
  const [hospital] = facilities.nodes;
  await reportOwn({
    facility: hospital!.id,
    category: 'ICU_HIGH_CARE',
    operable: 40,
    occupied: 35,
  });
  const sums = async () => {
    const { region } = await request<{
      region: {
        beds: { category: string; operable: number; occupied: number; modelled: number }[];
      };
    }>('{ region(code: "05315") { beds { category operable occupied modelled } } }');
    return region.beds;
  };
  const shares = (await kreiseOfRegister('2020-10-04')).get('05315')!;
  expect(await replay('--from', '2020-10-04', '--to', '2020-10-04')).toMatchObject({
    err: '',
    status: 0,
  });
  const rest = { operable: shares.operable! - 40, occupied: shares.occupied! - 35 };
  expect(await sums()).toEqual([
    { category: 'ICU_UNSPECIFIED', ...rest, modelled: rest.operable },
    { category: 'ICU_HIGH_CARE', operable: 40, occupied: 35, modelled: 0 },
  ]);
  // Without numbers the facility has its share again, and the Kreis is exact once more.
  await reportOwn({ facility: hospital!.id, category: 'ICU_HIGH_CARE' });
  expect((await kreiseOfHub()).get('05315')).toEqual(shares);
});

async function reportOwn(report: object): Promise<void> {
  const input = { ...report, source: 'own', observedAt: new Date().toISOString() };
  const { reportCapacity } = await request<{ reportCapacity: { __typename: string } }>(
    'mutation ($input: ReportCapacityInput!) { reportCapacity(input: $input) { __typename } }',
    { input },
  );
  expect(reportCapacity.__typename).toBe('Facility');
}

test('Ctrl-C ends a replay after the day that is being reported', async () => {
  const command = run(['--from', '2020-10-05', '--to', '2020-12-31', '--speed', '0.01']);
  const lines = createInterface({ input: command.stdout! })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toMatch(/^2020-10-05: \d+ reports$/);
  const ended = once(command, 'exit');
  command.kill('SIGINT');
  expect((await lines.next()).value).toMatch(
    /^Stopped after 2020-10-05: \d+ reports accepted, 0 refused\.$/,
  );
  expect(await ended).toEqual([0, null]);
  expect(inOrder(await kreiseOfHub())).toEqual(inOrder(await kreiseOfRegister('2020-10-05')));
});

test('a token that is not accepted ends a replay in one line', async () => {
  const { err, status } = await replay(
    '--from',
    '2020-10-02',
    '--to',
    '2020-10-02',
    '--token',
    'no-token',
  );
  expect(status).toBe(1);
  expect(err).toMatch(/^The hub does not accept the token: .* Give another with --token\.\n$/);
});
