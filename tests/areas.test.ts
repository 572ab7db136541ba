import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';
import { typeDefsOf } from '../shared/subgraph/type-defs.js';
import { capacityWorld, type CapacityWorld } from '../subgraphs/capacity/testing/capacity-world.js';
import { patientsWorld, type PatientsWorld } from '../subgraphs/patients/testing/patients-world.js';

let capacity: CapacityWorld;
let patients: PatientsWorld;
beforeAll(async () => {
  [capacity, patients] = await Promise.all([capacityWorld(), patientsWorld()]);
});
afterAll(() => Promise.all([capacity.close(), patients.close()]));

const SCALARS: Record<string, unknown> = {
  Boolean: true,
  DateTime: '2026-01-15T10:00:00.000Z',
  Float: 1,
  ID: '00000000-0000-4000-8000-000000000000',
  Int: 1,
  String: 'a text',
};

interface Named {
  name: string;
  type: GraphQLInputType;
}

/** Every path from a list of inputs to an area, as `input.area`. */
function pathsToAreas(inputs: readonly Named[]): string[] {
  return inputs.flatMap(({ name, type }) => {
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return /^area$|Area$/.test(name) ? [name] : [];
    return pathsToAreas(Object.values(named.getFields())).map((path) => `${name}.${path}`);
  });
}

/** Values for all required inputs and for those on the path, with the area at its end. */
function valuesFor(inputs: readonly Named[], path: string[], area: string): object {
  const given = inputs.filter(({ name, type }) => isNonNullType(type) || name === path[0]);
  return Object.fromEntries(
    given.map(({ name, type }) => [
      name,
      valueOf(type, name === path[0] ? path.slice(1) : [], area, name === path[0]),
    ]),
  );
}

function valueOf(type: GraphQLInputType, path: string[], area: string, isOnPath: boolean): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType, path, area, isOnPath);
  if (isListType(type)) return [valueOf(type.ofType, path, area, isOnPath)];
  if (isInputObjectType(type)) return valuesFor(Object.values(type.getFields()), path, area);
  if (isOnPath) return area;
  return isEnumType(type) ? type.getValues()[0]!.value : SCALARS[type.name];
}

interface Case {
  kind: 'query' | 'mutation' | 'subscription';
  field: GraphQLField<unknown, unknown>;
  path: string;
}

function casesOf(subgraph: string): [string, Case][] {
  const schema = buildSubgraphSchema(typeDefsOf(subgraph));
  return (['query', 'mutation', 'subscription'] as const).flatMap((kind) => {
    const root = schema.getType(kind[0]!.toUpperCase() + kind.slice(1));
    const fields = isObjectType(root) ? Object.values(root.getFields()) : [];
    const checked = fields.filter(({ name }) => name !== REFUSES_BY_ITSELF);
    return checked.flatMap((field) =>
      pathsToAreas(field.args).map((path): [string, Case] => [
        `${kind} ${field.name}(${path})`,
        { kind, field, path },
      ]),
    );
  });
}

/** `declarePhase` refuses such an area as `UnknownArea`, which its own tests show. */
const REFUSES_BY_ITSELF = 'declarePhase';

const CASES = [
  ...casesOf('capacity').map(([title, one]) => ['capacity', title, one] as const),
  ...casesOf('patients').map(([title, one]) => ['patients', title, one] as const),
];

/** The operation of a case, and its variables with the area. */
function operationOf({ kind, field, path }: Case, area: string) {
  const values = valuesFor(field.args, path.split('.'), area);
  const used = field.args.filter(({ name }) => name in values);
  const variables = used.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const args = used.map(({ name }) => `${name}: $${name}`).join(', ');
  return {
    query: `${kind} (${variables}) { ${field.name}(${args}) { __typename } }`,
    values,
  };
}

async function codeOf(subgraph: string, one: Case, area: string): Promise<string | undefined> {
  const { query, values } = operationOf(one, area);
  const world = subgraph === 'capacity' ? capacity : patients;
  if (one.kind === 'subscription') {
    const watch = await world.watch(query, { ...values });
    return watch.next().then(
      () => undefined,
      (errors: unknown) => (errors as { extensions: { code: string } }[])[0]!.extensions.code,
    );
  }
  const { data, errors } = await world.ask(query, values);
  return errors?.[0]?.extensions.code ?? data[one.field.name].__typename;
}

test('areas are found in queries, mutations and subscriptions', () => {
  const kinds = new Set(CASES.map(([, , { kind }]) => kind));
  expect([...kinds].sort()).toEqual(['mutation', 'query', 'subscription']);
});

describe.each(['99', '05999', '058'])(
  'the area %s, which does not exist, is refused by',
  (area) => {
    test.each(CASES)('%s: %s', async (subgraph, _, one) => {
      expect(await codeOf(subgraph, one, area)).toBe('BAD_USER_INPUT');
    });
  },
);
