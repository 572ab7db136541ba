import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { projectPath } from '../shared/root.js';
import { deniablePlacesOf, rootFieldsOf } from './rights-of-schema.js';
import { EXAMPLES, RIGHTS_TABLE, type Example } from './rights-table.js';
import { startHub, type RunningHub } from './running-hub.js';

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

interface Answer {
  data?: any;
  errors?: { path?: (string | number)[]; extensions: { code: string } }[];
}

let hub: RunningHub;
let facility: string;
let after: string;
beforeAll(async () => {
  hub = await startHub();
  const token = await hub.token();
  const { data } = await ask(token, '{ capacityCursor facilities(first: 1) { nodes { id } } }');
  after = data.capacityCursor;
  facility = data.facilities.nodes[0].id;
  const { errors } = await ask(token, EXAMPLES['Mutation.reportCapacity']!.operation);
  expect(errors).toBeUndefined();
}, 120_000);
afterAll(() => hub.stop(), 30_000);

const tokenOf = (role: string) =>
  issueDevelopmentToken(hub.environment['VIERBLATT_DATA']!, 'vierblatt', {
    role,
    areas: [''],
    facilities: [],
    ttl: 600,
  });

function variables() {
  const report = {
    facility,
    category: 'ICU_UNSPECIFIED',
    operable: 2,
    occupied: 1,
    source: 'the rights table',
    observedAt: new Date().toISOString(),
  };
  return { facility, report, after };
}

async function ask(token: string | undefined, query: string): Promise<Answer> {
  const response = await fetch(hub.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables: variables() }),
  });
  return (await response.json()) as Answer;
}

/** The first message of a subscription, or why there is none. */
async function watch(token: string, query: string): Promise<Answer> {
  const client = createClient({
    url: hub.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  try {
    const { value } = await client.iterate({ query, variables: variables() }).next();
    return value as Answer;
  } catch (errors) {
    return { errors: errors as Answer['errors'] & object };
  } finally {
    await client.dispose();
  }
}

const run = (token: string, { operation }: Example) =>
  operation.startsWith('subscription') ? watch(token, operation) : ask(token, operation);

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
    const example = EXAMPLES[place]!;
    const answer = await run(await tokenOf(role), example);
    if (cell === 'yes') {
      expect(answer.errors).toBeUndefined();
      expect(valueAt(answer.data, example.at)).not.toBeNull();
    } else {
      expect(isDenied(answer, example)).toBe(true);
    }
  });

  it.each(rows)('has nothing of $place for who does not say who he is', async ({ place }) => {
    const { operation } = EXAMPLES[place]!;
    if (operation.startsWith('subscription')) {
      expect((await watch('', operation)) as unknown).toMatchObject({ errors: { code: 4403 } });
    } else {
      const { data, errors } = await ask(undefined, operation);
      expect(data).toBeUndefined();
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    }
  });
});
