import { readFileSync } from 'node:fs';
import { projectPath } from '../../shared/root.js';
import { startHub, type RunningHub } from '../running-hub.js';
import { request, tokenOf, watch, type GraphQLResponse } from './requests.js';
import { CAPACITY_EXAMPLES } from './capacity-examples.js';
import type { Example } from './example.js';
import { prepare, variablesOf, type SharedVariables } from './fixture.js';
import { PATIENTS_EXAMPLES } from './patients-examples.js';
import { PERSONNEL_EXAMPLES } from './personnel-examples.js';
import { SUPPLY_EXAMPLES } from './supply-examples.js';
import { deniableFieldsOf, rootFieldsOf } from './fields-of-schema.js';
import { RIGHTS_TABLE } from './table.js';

const EXAMPLES = {
  ...CAPACITY_EXAMPLES,
  ...PATIENTS_EXAMPLES,
  ...SUPPLY_EXAMPLES,
  ...PERSONNEL_EXAMPLES,
};
const read = (file: string) => readFileSync(projectPath(file), 'utf8');

const [heading, ...lines] = RIGHTS_TABLE.trim().split('\n');
const roles = heading!.trim().split(/ +/);
const rows = lines.map((line) => {
  const [field, ...cells] = line.trim().split(/ +/);
  return { field: field!, cells };
});
const cells = rows.flatMap(({ field, cells: row }) =>
  roles.map((role, column) => ({ field, role, cell: row[column]! })),
);

/** A caller who may not see a patient is answered as if there were none: no refusal, but no data either. */
const INVISIBLE = [
  'UnknownPatient',
  'UnknownTransfer',
  'UnknownIncident',
  'UnknownVehicle',
  'UnknownPlan',
];

let hub: RunningHub;
let prepared: SharedVariables;
beforeAll(async () => {
  hub = await startHub();
  prepared = await prepare(hub);
});
afterAll(() => hub.stop());

async function run(
  role: string,
  { operation, atFacility = [], atOrganisation = [] }: Example,
): Promise<GraphQLResponse> {
  const isAtFacility = role === 'hospital' || atFacility.includes(role);
  const who = {
    role,
    ...(isAtFacility && { facilities: [prepared['facility']!] }),
    ...(atOrganisation.includes(role) && { organisations: [prepared['organisation']!] }),
  };
  const token = await tokenOf(hub, who);
  const send = operation.startsWith('subscription') ? watch : request;
  return send(hub, token, operation, variablesOf(prepared));
}

function isDenied({ data, errors = [] }: GraphQLResponse, { at }: Example): boolean {
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
    const fields = [
      ...rootFieldsOf(read('gateway/api.graphql')),
      ...deniableFieldsOf(read('gateway/supergraph.graphql')),
    ];
    expect(rows.map(({ field }) => field).sort()).toEqual([...new Set(fields)].sort());
    expect(Object.keys(EXAMPLES).sort()).toEqual([...new Set(fields)].sort());
  });

  it('has exactly one cell for every role', () => {
    expect([...roles].sort()).toEqual(Object.keys(JSON.parse(read('shared/roles.json'))).sort());
    for (const { field, cells: row } of rows) {
      expect({ field, cells: row.length }).toEqual({ field, cells: roles.length });
      expect(row.filter((cell) => cell !== 'yes' && cell !== 'no')).toEqual([]);
    }
  });

  it.each(cells)('$field for $role: $cell', async ({ field, role, cell }) => {
    const example = EXAMPLES[field]!.by?.[role] ?? EXAMPLES[field]!;
    const response = await run(role, example);
    if (cell === 'yes') {
      expect(response.errors).toBeUndefined();
      const value: any = valueAt(response.data, example.at);
      expect(value).not.toBeNull();
      expect(INVISIBLE).not.toContain(value.__typename);
    } else {
      expect(isDenied(response, example)).toBe(true);
    }
  });

  it.each(rows)('has nothing of $field for a caller without a token', async ({ field }) => {
    const { operation } = EXAMPLES[field]!;
    const variables = variablesOf(prepared);
    if (operation.startsWith('subscription')) {
      const response: unknown = await watch(hub, '', operation, variables);
      expect(response).toMatchObject({ errors: { code: 4403 } });
    } else {
      const { data, errors } = await request(hub, undefined, operation, variables);
      expect(data).toBeUndefined();
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    }
  });
});
