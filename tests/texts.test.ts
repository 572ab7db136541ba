import { getNamedType, isUnionType } from 'graphql';
import { capacityWorld, type CapacityWorld } from '../subgraphs/capacity/testing/capacity-world.js';
import { casualty, newIncident, newKey } from '../subgraphs/patients/testing/casualties.js';
import { patientsWorld, type PatientsWorld } from '../subgraphs/patients/testing/patients-world.js';
import { facilitiesOf, report } from '../subgraphs/capacity/testing/reports.js';
import { inputsOf, operationOf, type InputCase } from './inputs-of-schema.js';

let capacity: CapacityWorld;
let patients: PatientsWorld;
beforeAll(async () => {
  [capacity, patients] = await Promise.all([capacityWorld(), patientsWorld()]);
});
afterAll(() => Promise.all([capacity.close(), patients.close()]));

/** U+0000, and half of a surrogate pair as text ends that was cut in the middle of a character. */
const NUL = 'Meier\u0000';
const HALF = 'Meier \ud83d';

const isText = (_: string, type: string) => type === 'String';
const CASES = (['capacity', 'patients'] as const).flatMap((subgraph) =>
  inputsOf(subgraph, isText).map(
    ([title, one]) => [`${subgraph}: ${title}`, subgraph, one] as const,
  ),
);

const REFUSAL = '... on InvalidText { field message }';

/** The outcome of a call: the type of its outcome with the field it names, or the code of its error. */
async function outcomeOf(subgraph: string, one: InputCase, text: string, refusal = REFUSAL) {
  const selection = BULKS[one.field.name]?.(refusal) ?? `__typename ${refusal}`;
  const { query, values } = operationOf(one, text, canRefuse(one) ? selection : '__typename');
  const world = subgraph === 'capacity' ? capacity : patients;
  if (one.kind === 'subscription') {
    const watch = await world.watch(query, { ...values });
    return watch.next().then(
      () => undefined,
      (errors: unknown) => (errors as { extensions: { code: string } }[])[0]!.extensions.code,
    );
  }
  const { data, errors } = await world.request(query, values);
  if (errors) return errors[0]!.extensions.code;
  const outcome = data[one.field.name];
  return outcome?.outcomes?.[0] ?? outcome;
}

/** Whether the field returns a union, whose members must include the refusal, or judges the entries of a list. */
const canRefuse = ({ kind, field }: InputCase) =>
  kind === 'mutation' && (isUnionType(getNamedType(field.type)) || field.name in BULKS);

/** Mutations that judge each entry of a list by itself. */
const BULKS: Record<string, (refusal: string) => string> = {
  reportCapacities: (refusal) => `outcomes { __typename ${refusal} }`,
  registerCasualties: (refusal) =>
    `__typename ${refusal} ... on RegisteredCasualties { outcomes { __typename ${refusal} } }`,
};

describe.each([
  ['U+0000', NUL],
  ['half of a surrogate pair', HALF],
])('a text with %s is refused in', (_, text) => {
  test.each(CASES)('%s', async (_title, subgraph, one) => {
    const outcome = await outcomeOf(subgraph, one, text);
    if (!canRefuse(one)) {
      expect(outcome).toBe('BAD_USER_INPUT');
      return;
    }
    expect(outcome).toMatchObject({
      __typename: 'InvalidText',
      field: expect.stringContaining(one.path.split('.').at(-1)!),
    });
  });
});

// A subscription may wait for what does not exist yet.
const IDS = (['capacity', 'patients'] as const).flatMap((subgraph) =>
  inputsOf(subgraph, (_, type) => type === 'ID')
    .filter(([, { kind }]) => kind !== 'subscription')
    .map(([title, one]) => [`${subgraph}: ${title}`, subgraph, one] as const),
);

test.each(IDS)(
  'an id with such a text is nobody’s, and no fault of the hub, in %s',
  async (_, subgraph, one) => {
    for (const text of [NUL, HALF]) {
      expect(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']).not.toContain(
        await outcomeOf(subgraph, one, text, ''),
      );
    }
  },
);

test('a casualty of a bulk with such a text is refused, and the others are registered in their order', async () => {
  const incident = await newIncident(patients);
  const casualties = [casualty(), casualty({ tag: NUL }), casualty({ name: HALF }), casualty()];
  const call = () =>
    patients.request(
      `mutation ($input: RegisterCasualtiesInput!) { registerCasualties(input: $input) {
        ... on RegisteredCasualties { outcomes { __typename
          ... on Patient { tag } ... on InvalidText { field message } } } } }`,
      { input: { incident, casualties, idempotencyKey: key } },
    );
  const key = newKey();
  const { data } = await call();
  expect(data.registerCasualties.outcomes).toEqual([
    { __typename: 'Patient', tag: casualties[0]!.tag },
    {
      __typename: 'InvalidText',
      field: 'tag',
      message:
        'tag is Unicode text; character 6 is U+0000, which no text has. Correct it and send it again.',
    },
    { __typename: 'InvalidText', field: 'name', message: expect.stringContaining('U+D83D') },
    { __typename: 'Patient', tag: casualties[3]!.tag },
  ]);
  expect((await call()).data).toEqual(data);
});

test.each([
  ['a control character', 'Meier\u001b[2J'],
  ['a right-to-left override', 'Meier \u202e I KS'],
  ['nothing visible', '\u200b\u3164'],
])('a name with %s is refused', async (_, name) => {
  const incident = await newIncident(patients);
  const { data } = await patients.request(
    `mutation ($input: RegisterCasualtiesInput!) { registerCasualties(input: $input) {
      ... on RegisteredCasualties { outcomes { __typename ... on InvalidText { field } } } } }`,
    { input: { incident, casualties: [casualty({ name })], idempotencyKey: newKey() } },
  );
  expect(data.registerCasualties.outcomes).toEqual([{ __typename: 'InvalidText', field: 'name' }]);
});

test('an id in capitals is the same id, in both subgraphs', async () => {
  const incident = await newIncident(patients);
  const { data } = await patients.request('query ($id: ID!) { incident(id: $id) { id } }', {
    id: incident.toUpperCase(),
  });
  expect(data.incident).toEqual({ id: incident });
  const [facility] = await facilitiesOf(capacity, '05315');
  const found = await capacity.request('query ($id: ID!) { facility(id: $id) { id } }', {
    id: facility!.toUpperCase(),
  });
  expect(found.data.facility).toEqual({ id: facility });
});

test('a report of a bulk with such a text is refused, and the others are stored', async () => {
  const [facility] = await facilitiesOf(capacity, '05315');
  const reports = [NUL, 'ward system', HALF].map((source) =>
    report(capacity, facility!, { source }),
  );
  const { data } = await capacity.request(
    `mutation ($input: ReportCapacitiesInput!) { reportCapacities(input: $input) { outcomes { __typename } } }`,
    { input: { reports } },
  );
  expect(data.reportCapacities.outcomes).toEqual([
    { __typename: 'InvalidText' },
    { __typename: 'Facility' },
    { __typename: 'InvalidText' },
  ]);
});

test('whole characters beyond the first 65,536, joiners and combining marks are kept', async () => {
  const name = 'Unfall 🚑 auf der A1, Mu\u0308ller, क्\u200dष';
  const incident = await newIncident(patients, { name });
  const { data } = await patients.request('query ($id: ID!) { incident(id: $id) { name } }', {
    id: incident,
  });
  expect(data.incident.name).toBe(name);
});
