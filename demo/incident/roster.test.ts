import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlayerError } from '../client/player-error.js';
import { findingsOf } from './findings.js';
import { readRoster, SHIPPED_ROSTER, type RosterEntry } from './roster.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roster-'));
});
afterAll(() => rm(folder, { recursive: true }));

const entry = (changes: Partial<RosterEntry> = {}): RosterEntry => ({
  age: 40,
  breathing: 'unauffällig',
  awareness: 'wach, orientiert',
  pulse: '82; Puls gut tastbar',
  pupils: 'isocor',
  injuries: 'keine äußeren Verletzungen',
  bodyCheck: 'o.B.',
  isWalkable: false,
  real_status: 'yellow',
  status_code: 'YAXAXA',
  tags: [],
  ...changes,
});
const written = async (content: unknown) => {
  const file = join(folder, 'roster.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const read = async (...entries: RosterEntry[]) => readRoster(await written(entries));

test('the shipped roster has 44 patients, each with a tag of its own', async () => {
  const patients = await readRoster(SHIPPED_ROSTER);
  const counts = { SK_I: 0, SK_II: 0, SK_III: 0, SK_IV: 0, EX: 0 };
  for (const { category } of patients) counts[category] += 1;
  expect(counts).toEqual({ SK_I: 14, SK_II: 14, SK_III: 14, SK_IV: 0, EX: 2 });
  expect(new Set(patients.map(({ tag }) => tag)).size).toBe(44);
});

test.each<[string, Partial<RosterEntry>, object]>([
  ['a walking patient walks', { isWalkable: true }, { walking: true }],
  ['a stated rate counts', { breathing: 'schwere Atemnot 34/min.' }, { respiratoryRate: 34 }],
  ['a rate that is not stated decides nothing', { breathing: 'flach' }, { respiratoryRate: 16 }],
  [
    'a patient without breathing does not breathe',
    { breathing: 'keine Atmung' },
    { breathing: false },
  ],
  [
    'a thready pulse is not felt at the wrist',
    { pulse: '150; fadenförmig' },
    { radialPulse: false },
  ],
  ['a strong pulse is felt at the wrist', { pulse: '122; Puls kräftig' }, { radialPulse: true }],
  [
    'a somnolent patient follows no command',
    { awareness: 'somnolent' },
    { followsCommands: false },
  ],
  [
    'a confused patient follows commands',
    { awareness: 'wach, verwirrt' },
    { followsCommands: true },
  ],
  [
    'a patient who does not cooperate follows no command',
    { bodyCheck: 'keine Kooperation bei Untersuchung' },
    { followsCommands: false },
  ],
  [
    'a spurting wound is a spurting bleeding',
    { injuries: 'spritzende Blutung' },
    { spurtingBleeding: true },
  ],
])('%s', (_, changes, expected) => {
  expect(findingsOf(entry(changes))).toMatchObject(expected);
});

test('the category is the real status of the patient, whatever the pre-triage finds', async () => {
  const statuses = ['red', 'yellow', 'green', 'blue', 'black'] as const;
  const patients = await read(...statuses.map((real_status) => entry({ real_status })));
  expect(patients.map(({ category }) => category)).toEqual([
    'SK_I',
    'SK_II',
    'SK_III',
    'SK_IV',
    'EX',
  ]);
});

test.each<[string, Partial<RosterEntry>, string[]]>([
  ['a child needs a facility for children', { age: 15 }, ['CHILD']],
  ['a patient of 16 is not a child', { age: 16 }, []],
  ['a pregnant woman needs obstetrics', { tags: ['P'] }, ['OBSTETRICS']],
  ['one wide pupil needs neurosurgery', { pupils: 'rechts weit' }, ['NEUROSURGERY']],
])('%s', async (_, changes, needs) => {
  expect((await read(entry(changes)))[0]).toMatchObject({ needs });
});

test('the first pair of the status code decides the transport priority', async () => {
  const [first, later] = await read(
    entry({ status_code: 'YCZCVE' }),
    entry({ status_code: 'XDXDXC' }),
  );
  expect([first!.transportPriority, later!.transportPriority]).toEqual([true, false]);
});

test.each<[string, unknown, RegExp]>([
  ['a text', 'no JSON', /a JSON list of at least one patient was expected/],
  ['an empty list', [], /a JSON list of at least one patient was expected/],
  ['something else', { patients: [] }, /a JSON list of at least one patient was expected/],
  ['an unknown status', [entry(), { ...entry(), real_status: 'pink' }], /entry 2 needs .*red/],
  ['a missing field', [{ ...entry(), pulse: undefined }], /entry 1 needs .*pulse/],
])('the roster is refused in one line: %s', async (_, content, message) => {
  const error = await readRoster(await written(content)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PlayerError);
  expect((error as Error).message).toMatch(message);
});

test('the error names the file that cannot be read', async () => {
  await expect(readRoster(join(folder, 'none.json'))).rejects.toThrow(
    /none\.json cannot be read \(ENOENT\)\. Name another with --patients\.$/,
  );
});
