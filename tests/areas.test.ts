import { capacityWorld, type CapacityWorld } from '../subgraphs/capacity/testing/capacity-world.js';
import { patientsWorld, type PatientsWorld } from '../subgraphs/patients/testing/patients-world.js';
import { inputsOf, operationOf, type InputCase } from './inputs-of-schema.js';

let capacity: CapacityWorld;
let patients: PatientsWorld;
beforeAll(async () => {
  [capacity, patients] = await Promise.all([capacityWorld(), patientsWorld()]);
});
afterAll(() => Promise.all([capacity.close(), patients.close()]));

/** `declarePhase` refuses such an area as `UnknownArea`, which its own tests show. */
const REFUSES_BY_ITSELF = 'declarePhase';

const areasOf = (subgraph: string) =>
  inputsOf(subgraph, (name) => /^area$|Area$/.test(name)).filter(
    ([, { field }]) => field.name !== REFUSES_BY_ITSELF,
  );

const CASES = [
  ...areasOf('capacity').map(([title, one]) => ['capacity', title, one] as const),
  ...areasOf('patients').map(([title, one]) => ['patients', title, one] as const),
];

async function codeOf(subgraph: string, one: InputCase, area: string): Promise<string | undefined> {
  const { query, values } = operationOf(one, area, '__typename');
  const world = subgraph === 'capacity' ? capacity : patients;
  if (one.kind === 'subscription') {
    const watch = await world.watch(query, { ...values });
    return watch.next().then(
      () => undefined,
      (errors: unknown) => (errors as { extensions: { code: string } }[])[0]!.extensions.code,
    );
  }
  const { data, errors } = await world.request(query, values);
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
