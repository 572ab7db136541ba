import { readFileSync } from 'node:fs';
import { projectPath } from '../../shared/root.js';
import { startHub, type RunningHub } from '../running-hub.js';
import { ask, tokenOf, watch, type Answer } from './asking.js';
import { CAPACITY_EXAMPLES } from './capacity-examples.js';
import type { Example } from './example.js';
import { prepare, variablesOf, type Prepared } from './fixture.js';
import { PATIENTS_EXAMPLES } from './patients-examples.js';
import { deniablePlacesOf, rootFieldsOf } from './places-of-schema.js';
import { RIGHTS_TABLE } from './table.js';

const EXAMPLES = { ...CAPACITY_EXAMPLES, ...PATIENTS_EXAMPLES };
const read = (file: string) => readFileSync(projectPath(file), 'utf8');

const [heading, ...lines] = RIGHTS_TABLE.trim().split('\n');
const roles = heading!.trim().split(/ +/);
const rows = lines.map((line) => {
  const [place, ...cells] = line.trim().split(/ +/);
  return { place: place!, cells };
});
const cells = rows.flatMap(({ place, cells: row }) =>
  roles.map((role, column) => ({ place, role, cell: row[column]! })),
);

/** Whoever may not see a patient is told that there is none: no refusal, but no yes either. */
const UNSEEN = [
  'UnknownPatient',
  'UnknownTransfer',
  'UnknownIncident',
  'UnknownVehicle',
  'UnknownPlan',
];

let hub: RunningHub;
let prepared: Prepared;
beforeAll(async () => {
  hub = await startHub();
  prepared = await prepare(hub);
});
afterAll(() => hub.stop());

async function run(role: string, { operation, atFacility = [] }: Example): Promise<Answer> {
  const isAtFacility = role === 'hospital' || atFacility.includes(role);
  const who = { role, ...(isAtFacility && { facilities: [prepared['facility']!] }) };
  const token = await tokenOf(hub, who);
  const send = operation.startsWith('subscription') ? watch : ask;
  return send(hub, token, operation, variablesOf(prepared));
}

function isDenied({ data, errors = [] }: Answer, { at }: Example): boolean {
  return errors.some(({ path = [], extensions }) => {
    if (extensions.code !== 'UNAUTHORIZED_FIELD_OR_TYPE') return false;
    expect(at.slice(0, path.length)).toEqual(path);
    expect(valueAt(data, path)).toBeNull();
    return true;
  });
}

function valueAt(data: any, path: readonly (string | number)[]): unknown {
  return path.reduce((value, key) => value?.[key] ?? null, data) ?? null;
}

describe('the rights table', () => {
  it('has exactly one row for every root field and for whatever carries a right', () => {
    const places = [
      ...rootFieldsOf(read('gateway/api.graphql')),
      ...deniablePlacesOf(read('gateway/supergraph.graphql')),
    ];
    expect(rows.map(({ place }) => place).sort()).toEqual([...new Set(places)].sort());
    expect(Object.keys(EXAMPLES).sort()).toEqual([...new Set(places)].sort());
  });

  it('has exactly one cell for every role', () => {
    expect([...roles].sort()).toEqual(Object.keys(JSON.parse(read('shared/roles.json'))).sort());
    for (const { place, cells: row } of rows) {
      expect({ place, cells: row.length }).toEqual({ place, cells: roles.length });
      expect(row.filter((cell) => cell !== 'yes' && cell !== 'no')).toEqual([]);
    }
  });

  it.each(cells)('$place for $role: $cell', async ({ place, role, cell }) => {
    const example = EXAMPLES[place]!.by?.[role] ?? EXAMPLES[place]!;
    const answer = await run(role, example);
    if (cell === 'yes') {
      expect(answer.errors).toBeUndefined();
      const value: any = valueAt(answer.data, example.at);
      expect(value).not.toBeNull();
      expect(UNSEEN).not.toContain(value.__typename);
    } else {
      expect(isDenied(answer, example)).toBe(true);
    }
  });

  it.each(rows)('has nothing of $place for who does not say who he is', async ({ place }) => {
    const { operation } = EXAMPLES[place]!;
    const variables = variablesOf(prepared);
    if (operation.startsWith('subscription')) {
      const answer: unknown = await watch(hub, '', operation, variables);
      expect(answer).toMatchObject({ errors: { code: 4403 } });
    } else {
      const { data, errors } = await ask(hub, undefined, operation, variables);
      expect(data).toBeUndefined();
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    }
  });
});
