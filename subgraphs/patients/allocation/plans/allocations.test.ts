import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
} from '../../testing/patients-world.js';
import {
  hospitalsIn,
  incidentBeside,
  NO_WALK_INS,
  opens,
  PLAN,
  propose,
  type Hospital,
} from '../../testing/proposals.js';
import { register } from '../../testing/transfers.js';

let world: PatientsWorld;
let facility: Hospital;
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  [facility] = (await hospitalsIn(world, '05315', 1)) as [Hospital];
  await opens(world, facility, { SK_I: 1, SK_II: 4 });
  incident = await incidentBeside(world, facility);
  await register(world, { incident }, 1, { category: 'SK_I' });
  await register(world, { incident }, 5);
});
afterAll(() => world.close());

const dispatch: TestIdentity = { role: 'dispatch', areas: ['05315'], subject: 'dispatcher' };
const proposed = (changes: object = {}) =>
  propose(world, incident, { parameters: NO_WALK_INS, ...changes }, dispatch);
const request = async (query: string, variables: object = {}, who: TestIdentity = dispatch) => {
  const { data, errors } = await world.request(query, variables, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
};

test('a plan is read as it was proposed, with its author and time', async () => {
  const { __typename, ...plan } = await proposed();
  const query = `query ($id: ID!) { allocationPlan(id: $id) { ${PLAN} proposedAt proposedBy settledAt settledBy } }`;
  expect((await request(query, { id: plan.id })).allocationPlan).toEqual({
    ...plan,
    proposedAt: world.clock.now.toISOString(),
    proposedBy: 'dispatcher',
    settledAt: null,
    settledBy: null,
  });
  expect(plan).toMatchObject({
    incident: { id: incident },
    facility: null,
    area: '05315',
    wave: 1,
    status: 'PROPOSED',
    region: { code: '05315' },
    summary: {
      patients: 6,
      allocated: 5,
      unallocated: 1,
      optimalityGap: 0,
      timedOut: false,
      method: 'EXACT',
      confirmed: null,
      lost: null,
      weightedMinutes: 0,
    },
    unallocated: { totalCount: 1, nodes: [{ code: 'NO_PLACE_LEFT' }] },
  });
  expect(plan.assignments.nodes[0]).toMatchObject({
    category: 'SK_I',
    minutes: 0,
    method: 'ESTIMATED',
    means: 'RTW',
    withPhysician: true,
    outcome: 'PLANNED',
    transfer: null,
    overrideReason: null,
    rejected: [],
    reasons: [{ code: 'NEAREST_WITH_A_PLACE' }, { code: 'NEEDS_MET' }],
  });
  expect(plan.load.nodes).toEqual([
    {
      facility: { id: facility.id },
      category: 'SK_I',
      assigned: 1,
      allowed: 1,
      limit: 1,
      method: 'REPORTED',
    },
    {
      facility: { id: facility.id },
      category: 'SK_II',
      assigned: 4,
      allowed: 4,
      limit: 4,
      method: 'REPORTED',
    },
  ]);
});

test('every parameter has its unit, range, default and source, and a plan lists the values it used', async () => {
  const { allocationParameters } = await request(
    '{ allocationParameters { name number choice unit defaultNumber defaultChoice least most description source } }',
  );
  const { data } = await world.request(
    '{ __type(name: "AllocationParametersInput") { inputFields { name } } }',
  );
  const names = (list: { name: string }[]) => list.map(({ name }) => name).toSorted();
  expect(names(allocationParameters)).toEqual(names(data.__type.inputFields));
  expect(allocationParameters).toContainEqual({
    name: 'ringKm',
    number: 30,
    choice: null,
    unit: 'km',
    defaultNumber: 30,
    defaultChoice: null,
    least: 5,
    most: 200,
    description: expect.stringContaining('ring'),
    source: expect.stringContaining('Wellenplan'),
  });
  const parameters = { waveSkI: 7, flights: 3, downgrade: 'NEVER', ringKm: null };
  const { parameters: used } = await proposed({ parameters });
  const of = (name: string) => used.find((one: { name: string }) => one.name === name);
  expect(['waveSkI', 'flights', 'ringKm'].map((name) => of(name).number)).toEqual([7, 3, 30]);
  expect(of('downgrade').choice).toBe('NEVER');
});

test('every list is read page by page, and has its total count', async () => {
  const { id, assignments } = await proposed();
  for (const [list, count, node] of [
    ['assignments', 5, 'patient { id }'],
    ['unallocated', 1, 'patient { id }'],
    ['load', 2, 'category'],
  ] as const) {
    const page = (after: string | null) =>
      request(
        `query ($id: ID!, $after: String) { allocationPlan(id: $id) { list: ${list}(first: 2, after: $after) {
          totalCount nodes { ${node} } edges { cursor node { ${node} } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`,
        { id, after },
      );
    const seen: unknown[] = [];
    let after: string | null = null;
    for (;;) {
      const { list: part } = (await page(after)).allocationPlan;
      seen.push(...part.nodes);
      expect(part.totalCount).toBe(count);
      expect(part.pageInfo.hasPreviousPage).toBe(after !== null);
      expect(part.edges.map((edge: any) => edge.node)).toEqual(part.nodes);
      if (!part.pageInfo.hasNextPage) break;
      after = part.pageInfo.endCursor as string;
    }
    expect(seen).toHaveLength(count);
    if (list === 'assignments') {
      expect(seen).toEqual(assignments.nodes.map(({ patient }: any) => ({ patient })));
    }
  }
});

test('a page of 0 or 501, and a cursor of another list, are refused', async () => {
  const { id } = await proposed();
  const patients = await request(
    `query ($id: ID!) { incident(id: $id) { patients(first: 1) { pageInfo { endCursor } } } }`,
    { id: incident },
  );
  for (const [page, code] of [
    ['first: 0', 'BAD_USER_INPUT'],
    ['first: 501', 'TOO_MUCH'],
    [`after: "${patients.incident.patients.pageInfo.endCursor}"`, 'BAD_USER_INPUT'],
  ]) {
    const { errors } = await world.request(
      `query ($id: ID!) { allocationPlan(id: $id) { assignments(${page}) { totalCount } } }`,
      { id },
    );
    expect(errors).toMatchObject([{ extensions: { code } }]);
  }
});

test('an incident shows its newest plans, 20 at most', async () => {
  const own = await incidentBeside(world, facility);
  await register(world, { incident: own });
  const made: string[] = [];
  for (let n = 0; n < 21; n += 1) {
    world.later(1);
    made.unshift((await propose(world, own)).id);
  }
  const { incident: read } = await request(
    `query ($id: ID!) { incident(id: $id) { allocationPlans { id status wave } } }`,
    { id: own },
  );
  expect(read.allocationPlans.map(({ id }: any) => id)).toEqual(made.slice(0, 20));
});

test('the summary counts the outcomes of the assignments once the plan is confirmed', async () => {
  const { id } = await proposed();
  await world.pool.query(
    `UPDATE allocation SET outcome = (CASE position WHEN 1 THEN 'LOST' WHEN 2 THEN 'OVERRIDDEN' ELSE 'CONFIRMED' END)::"AllocationOutcome"
     WHERE plan_id = $1`,
    [id],
  );
  const summary = async (status: string) => {
    await world.pool.query(
      'UPDATE allocation_plan SET status = $2::"AllocationStatus" WHERE id = $1',
      [id, status],
    );
    const query = `query ($id: ID!) { allocationPlan(id: $id) { summary { confirmed lost } } }`;
    return (await request(query, { id })).allocationPlan.summary;
  };
  expect(await summary('CONFIRMING')).toEqual({ confirmed: null, lost: null });
  expect(await summary('CONFIRMED')).toEqual({ confirmed: 3, lost: 1 });
});
