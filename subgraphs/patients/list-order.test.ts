import { newIncident, newPatient, register, DISPATCH, newKey } from './testing/casualties.js';
import { patientsWorld, type PatientsWorld } from './testing/patients-world.js';
import { call, primary } from './testing/transfers.js';

// The clock does not move: all rows of a test have one instant, as within one request.
let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());

const MANY = 12;
const numbered = <Made>(make: (n: number) => Promise<Made>) => makeInOrder(MANY, make);
async function makeInOrder<Made>(
  count: number,
  make: (n: number) => Promise<Made>,
): Promise<Made[]> {
  const made: Made[] = [];
  for (let n = 0; n < count; n++) made.push(await make(n));
  return made;
}

/** Every id of a list, read in pages of 5. */
async function allOf(
  field: string,
  variables: { declared: string; given: object; filter: string },
) {
  const { declared, given, filter } = variables;
  const ids: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { data, errors } = await world.request(
      `query ($after: String ${declared}) { ${filter.replace('LIST', `list: ${field}`)} }`,
      { ...given, after },
    );
    if (errors) throw new Error(JSON.stringify(errors));
    const { list } = data.incident ?? data;
    ids.push(...list.nodes.map(({ id }: { id: string }) => id));
    after = list.pageInfo.endCursor;
    more = list.pageInfo.hasNextPage;
  }
  return ids;
}
const PAGE = 'nodes { id } pageInfo { hasNextPage endCursor }';

test('the patients of an incident are listed in the order of their registration, also within one call', async () => {
  const incident = await newIncident(world);
  const tags = Array.from({ length: 2 * MANY }, (_, n) => `${String.fromCharCode(122 - n)}${n}`);
  const registered = await register(
    world,
    { incident },
    tags.map((tag) => ({ tag })),
  );
  const listed = await allOf('patients(first: 5, after: $after)', {
    declared: ', $id: ID!',
    given: { id: incident },
    filter: `incident(id: $id) { LIST { ${PAGE} } }`,
  });
  expect(listed).toEqual(registered.map(({ id }) => id));
});

test('transfers are listed in the order of their requests', async () => {
  const incident = await newIncident(world);
  const made = await numbered(async () =>
    call(world, 'requestTransfer', primary(await newPatient(world, { incident }))),
  );
  const listed = await allOf('transfers(filter: { incident: $id }, first: 5, after: $after)', {
    declared: ', $id: ID!',
    given: { id: incident },
    filter: `LIST { ${PAGE} }`,
  });
  expect(listed).toEqual(made.map(({ id }) => id));
});

test('the transfer of a patient is the last of those that ended', async () => {
  const patient = await newPatient(world, { incident: await newIncident(world) });
  const made = await numbered(async () => {
    const { id } = await call(world, 'requestTransfer', primary(patient));
    await call(world, 'cancelTransfer', { transfer: id, reason: 'better' });
    return id;
  });
  const { data } = await world.request(
    'query ($id: ID!) { patient(id: $id) { transfer { id } } }',
    {
      id: patient,
    },
  );
  expect(data.patient.transfer.id).toBe(made.at(-1));
});

test('incidents are listed newest first, their sections oldest first', async () => {
  const made = await numbered((n) => newIncident(world, { name: `Fire ${n}`, hazard: 'HEAT' }));
  const listed = await allOf('incidents(filter: { hazards: [HEAT] }, first: 5, after: $after)', {
    declared: '',
    given: {},
    filter: `LIST { ${PAGE} }`,
  });
  expect(listed).toEqual(made.toReversed());

  const names = await numbered(async (n) => {
    const name = String.fromCharCode(122 - n);
    const input = { incident: made[0], name, kind: 'LOADING', idempotencyKey: newKey() };
    await world.request(
      'mutation ($input: OpenSectionInput!) { openSection(input: $input) { __typename } }',
      { input },
      DISPATCH,
    );
    return name;
  });
  const { data } = await world.request(
    'query ($id: ID!) { incident(id: $id) { sections { name } } }',
    {
      id: made[0],
    },
  );
  expect(data.incident.sections.map(({ name }: { name: string }) => name)).toEqual(names);
});

test('a cursor discloses no id and no instant, and a forged or foreign cursor is refused', async () => {
  const incident = await newIncident(world);
  const patient = await newPatient(world, { incident });
  const { data } = await world.request(
    'query ($id: ID!) { incident(id: $id) { patients { edges { cursor } pageInfo { endCursor } } } }',
    { id: incident },
  );
  const { edges, pageInfo } = data.incident.patients;
  expect(edges).toEqual([{ cursor: pageInfo.endCursor }]);
  const bytes = Buffer.from(pageInfo.endCursor, 'base64url').toString('latin1');
  expect(bytes).not.toContain(patient);
  expect(bytes).not.toContain(`${world.clock.now.getTime()}`);
  const forged = Buffer.from(JSON.stringify([world.clock.now.getTime(), patient]));
  for (const after of [forged.toString('base64url'), pageInfo.endCursor]) {
    const { errors } = await world.request(
      'query ($after: String) { transfers(after: $after) { nodes { id } } }',
      { after },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  }
});
