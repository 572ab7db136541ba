import { randomUUID } from 'node:crypto';
import { loggedWorld, type LoggedWorld } from '../../testing/logged-world.js';
import { type PatientsWorld, type TestIdentity, staffOf } from '../../testing/patients-world.js';
import { register } from '../../testing/transfers.js';
import {
  entryOf,
  hospitalsIn,
  incidentBeside,
  NO_WALK_INS,
  opens,
  planned,
  planRaw,
  propose,
  type Hospital,
} from '../../testing/proposals.js';
import type { StatementLog } from '../../testing/statement-log.js';

const COLOGNE = '05315';
const DUSSELDORF = '05111';

let logged: LoggedWorld;
let log: StatementLog;
let world: PatientsWorld;
/** One in Cologne, where the incident is, and one in Düsseldorf. */
let near: Hospital;
let far: Hospital;
/** Nobody is sent there. */
let idle: Hospital;
let incident: string;
beforeAll(async () => {
  logged = await loggedWorld();
  ({ world, log } = logged);
  [near, idle] = (await hospitalsIn(world, COLOGNE, 2)) as [Hospital, Hospital];
  [far] = (await hospitalsIn(world, DUSSELDORF, 1)) as [Hospital];
  await opens(world, near, { SK_II: 2 });
  await opens(world, far, { SK_II: 3 });
  incident = await incidentBeside(world, near);
  await register(world, { incident }, 6);
});
afterAll(() => logged.close());

/** A plan that sends two patients to the near facility, three to the far one, and one nowhere. */
async function proposed(status = 'PROPOSED'): Promise<any> {
  const plan = await propose(world, incident, { parameters: NO_WALK_INS });
  if (status !== 'PROPOSED') await close(plan.id, status);
  return plan;
}
const close = (id: string, status: string) =>
  world.pool.query('UPDATE allocation_plan SET status = $2::"AllocationStatus" WHERE id = $1', [
    id,
    status,
  ]);

const SEEN = `id area status digest wave proposedBy settledReason parameters { name } summary { patients } lost { totalCount }
  unallocated { totalCount } assignments { totalCount nodes { patient { id } facility { id } } }
  load { totalCount nodes { facility { id } } }`;
const read = (id: string, who: TestIdentity) =>
  world.request(`query ($id: ID!) { allocationPlan(id: $id) { ${SEEN} } }`, { id }, who);
const seenBy = async (id: string, who: TestIdentity) => (await read(id, who)).data.allocationPlan;

const LEADING: [string, () => TestIdentity][] = [
  ['the control room of the Kreis', () => ({ role: 'dispatch', areas: [COLOGNE] })],
  ['the crisis staff of the Land', () => ({ role: 'crisis-staff', areas: ['05'] })],
];
const VIEWERS: [string, () => TestIdentity, () => Hospital][] = [
  [
    'the control room of the other Kreis',
    () => ({ role: 'dispatch', areas: [DUSSELDORF] }),
    () => far,
  ],
  ['the crisis staff there', () => ({ role: 'crisis-staff', areas: [DUSSELDORF] }), () => far],
  ['the far facility', () => staffOf(far.id), () => far],
  ['the near facility', () => staffOf(near.id), () => near],
  [
    'a facility whose token names the area',
    () => ({ ...staffOf(far.id), areas: [COLOGNE] }),
    () => far,
  ],
];
const OUTSIDERS: [string, () => TestIdentity][] = [
  ['a facility that nobody is sent to', () => staffOf(idle.id)],
  ['the control room of another Land', () => ({ role: 'dispatch', areas: ['09'] })],
];

test.each(LEADING)('%s sees all of a plan, before and after', async (_, who) => {
  const { id } = await proposed();
  for (const status of ['PROPOSED', 'CONFIRMING', 'CONFIRMED', 'DISCARDED']) {
    await close(id, status);
    expect(await seenBy(id, who())).toMatchObject({
      id,
      status,
      summary: { patients: 6 },
      unallocated: { totalCount: 1 },
      assignments: { totalCount: 5 },
      load: { totalCount: 2 },
      lost: { totalCount: 0 },
    });
  }
});

test.each(VIEWERS)(
  '%s sees nothing of a proposal, and its part once it is confirmed',
  async (_, who, destination) => {
    const plan = await proposed();
    expect(await seenBy(plan.id, who())).toBeNull();
    for (const status of ['CONFIRMING', 'CONFIRMED']) {
      await close(plan.id, status);
      const { assignments, load, ...seen } = await seenBy(plan.id, who());
      expect(seen).toMatchObject({
        id: plan.id,
        area: COLOGNE,
        status,
        wave: 1,
        digest: who().role === 'hospital' ? null : plan.digest,
        summary: null,
        unallocated: null,
        lost: null,
        settledReason: null,
      });
      const own = plan.assignments.nodes.filter(
        ({ facility }: any) => facility.id === destination().id,
      );
      expect(assignments).toEqual({
        totalCount: own.length,
        nodes: own.map(() => ({ patient: null, facility: { id: destination().id } })),
      });
      expect(load).toEqual({ totalCount: 1, nodes: [{ facility: { id: destination().id } }] });
    }
    await close(plan.id, 'DISCARDED');
    expect(await seenBy(plan.id, who())).toBeNull();
  },
);

test.each(VIEWERS)(
  '%s sees neither other facilities nor the texts about a patient whom they do not see',
  async (_, who, destination) => {
    const { id } = await proposed('CONFIRMED');
    await world.pool.query(
      `UPDATE allocation SET override_reason = 'her mother works there', explanation = coalesce(explanation, (
       SELECT min(number) FROM allocation_explanation WHERE plan_id = $1)) WHERE plan_id = $1`,
      [id],
    );
    await world.pool.query(
      `INSERT INTO allocation_explanation (plan_id, number, rejected)
     SELECT $1, 1000, $2 WHERE NOT EXISTS (SELECT FROM allocation_explanation WHERE plan_id = $1)`,
      [
        id,
        JSON.stringify([
          { facility: idle.id, minutes: 1, code: 'FARTHER', message: 'It lies farther.' },
        ]),
      ],
    );
    await world.pool.query(
      `UPDATE allocation SET explanation = (SELECT min(number) FROM allocation_explanation WHERE plan_id = $1)
     WHERE plan_id = $1 AND explanation IS NULL`,
      [id],
    );
    const visible = async (viewer: TestIdentity) =>
      (
        await world.request(
          `query ($id: ID!) { allocationPlan(id: $id) { assignments { nodes { facility { id } overrideReason rejected { code } } } } }`,
          { id },
          viewer,
        )
      ).data.allocationPlan.assignments.nodes;
    const facility = { id: destination().id };
    for (const one of await visible(who()))
      expect(one).toEqual({
        facility,
        overrideReason: null,
        rejected: isSteering(who()) ? [] : null,
      });
    for (const one of await visible(LEADING[0]![1]())) {
      expect(one).toMatchObject({
        overrideReason: 'her mother works there',
        rejected: expect.arrayContaining([expect.anything()]),
      });
    }
  },
);

/** Whether the role may know what is left in other facilities. */
function isSteering({ role }: TestIdentity): boolean {
  return role === 'dispatch' || role === 'crisis-staff';
}

test('cursors number the entries that the caller sees, and reveal nothing of the whole', async () => {
  const { id } = await proposed('CONFIRMED');
  const firstCursors = async (viewer: TestIdentity) => {
    const { data } = await world.request(
      `query ($id: ID!) { allocationPlan(id: $id) { assignments(first: 1) { pageInfo { endCursor } } load(first: 1) { edges { cursor } } } }`,
      { id },
      viewer,
    );
    const { assignments, load } = data.allocationPlan;
    return [assignments.pageInfo.endCursor, load.edges[0].cursor];
  };
  // The first of a caller who sees a part has the cursor of the first of the whole.
  const [after, ...rest] = await firstCursors(staffOf(far.id));
  expect(await firstCursors(LEADING[0]![1]())).toEqual([after, ...rest]);
  const next = await world.request(
    `query ($id: ID!, $after: String) { allocationPlan(id: $id) { assignments(after: $after) { nodes { facility { id } } } } }`,
    { id, after },
    staffOf(far.id),
  );
  expect(next.data.allocationPlan.assignments.nodes).toHaveLength(2);
});

test.each(OUTSIDERS)('%s never sees it, nor that the incident has a plan', async (_, who) => {
  const { id } = await proposed('CONFIRMED');
  expect(await seenBy(id, who())).toBeNull();
  const { data } = await world.request(
    `query ($incident: ID!) { incident(id: $incident) { allocationPlans { id } } }`,
    { incident },
    who(),
  );
  expect(data.incident.allocationPlans).toEqual([]);
});

test('a facility sees the patient once it is the destination of a transfer', async () => {
  const plan = await proposed('CONFIRMED');
  const { patient } = plan.assignments.nodes.find(({ facility }: any) => facility.id === far.id);
  await world.pool.query(
    `INSERT INTO transfer (kind, patient_id, incident_id, status, status_at, from_area, to_facility, created_at, created_by)
     VALUES ('PRIMARY', $1, $2, 'DESTINATION_REQUESTED', $3, $4, $5, $3, 'dispatcher')`,
    [patient.id, incident, world.clock.now, COLOGNE, far.id],
  );
  const seen = await seenBy(plan.id, staffOf(far.id));
  expect(
    entryOf(
      { ...seen, assignments: { nodes: seen.assignments.nodes.filter((one: any) => one.patient) } },
      patient.id,
    ),
  ).toBeDefined();
  await world.pool.query('DELETE FROM transfer WHERE patient_id = $1', [patient.id]);
});

test('a facility is not notified of patients whom the dispatcher sends elsewhere', async () => {
  const { id } = await proposed('CONFIRMED');
  const override = (facility: string) =>
    world.pool.query(
      `UPDATE allocation SET outcome = 'OVERRIDDEN' WHERE plan_id = $1 AND position =
         (SELECT min(position) FROM allocation WHERE plan_id = $1 AND facility_id = $2 AND outcome = 'PLANNED')`,
      [id, facility],
    );
  await override(near.id);
  expect((await seenBy(id, staffOf(near.id))).assignments.totalCount).toBe(1);
  await override(near.id);
  expect(await seenBy(id, staffOf(near.id))).toBeNull();
});

test.each([
  'health-office',
  'spoc',
  'chamber',
  'supplier',
  'family-information',
  'partner',
  'service',
])('a %s may read no plan at all', async (role) => {
  const { id } = await proposed('CONFIRMED');
  const who = { role, areas: [''] };
  const entity = { refs: [{ __typename: 'AllocationPlan', id }] };
  for (const { errors } of [
    await read(id, who),
    await world.request('{ allocationParameters { name } }', {}, who),
    await world.request(
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on AllocationPlan { id } } }',
      ...([entity, who] as const),
    ),
  ]) {
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  }
});

test('a distribution is visible to its facility, and to callers who lead there', async () => {
  await register(world, { facility: idle.id });
  const { id } = await planned(world, 'distributeFrom', { facility: idle.id, count: 1 });
  for (const who of [staffOf(idle.id), LEADING[0]![1]()]) {
    expect(await seenBy(id, who)).toMatchObject({ summary: { patients: 1 } });
  }
  expect(await seenBy(id, staffOf(near.id))).toBeNull();
});

test('a hospital that distributes its patients sees the other facilities, and not what is left there', async () => {
  await register(world, { facility: idle.id });
  const { id } = await planned(world, 'distributeFrom', { facility: idle.id, count: 1 });
  const LOADS = `query ($id: ID!) { allocationPlan(id: $id) { digest
    assignments { nodes { facility { id } rejected { code } } }
    load(first: 500) { nodes { facility { id } assigned allowed limit } } } }`;
  const readBy = async (who: TestIdentity) =>
    (await world.request(LOADS, { id }, who)).data.allocationPlan;
  const ofFacility = await readBy(staffOf(idle.id));
  const [sent] = ofFacility.assignments.nodes;
  expect(sent).toMatchObject({ facility: { id: expect.any(String) }, rejected: null });
  expect(ofFacility.digest).toBeNull();
  for (const load of ofFacility.load.nodes)
    expect(load).toMatchObject({ allowed: null, limit: null });
  const ofStaff = await readBy(LEADING[0]![1]());
  expect(ofStaff.digest).toMatch(/^[0-9a-f]{64}$/);
  for (const load of ofStaff.load.nodes) expect(load.limit).toEqual(expect.any(Number));
  expect(ofStaff.assignments.nodes[0].rejected).not.toEqual([]);
  const confirmed = await proposed('CONFIRMED');
  const { data } = await world.request(LOADS, { id: confirmed.id }, staffOf(far.id));
  expect(data.allocationPlan.load.nodes).toEqual([
    { facility: { id: far.id }, assigned: 3, allowed: expect.any(Number), limit: 3 },
  ]);
});

describe('a hidden and a missing plan run the same statements and read the same', () => {
  let background: Set<string>;
  beforeAll(async () => {
    // The effects of the timers are known once each has run.
    log.statements.length = 0;
    while (log.statements.filter((text) => text.includes('retriage_told = true')).length < 3) {
      await world.request('{ __typename }');
    }
    background = new Set(log.statements);
  });
  const statementsOf = async (act: () => Promise<unknown>) => {
    log.statements.length = 0;
    const response = await act();
    return [response, log.statements.filter((text) => !background.has(text))];
  };

  test.each([
    ['allocationPlan', (id: string, who: TestIdentity) => read(id, who)],
    [
      'an entity',
      (id: string, who: TestIdentity) =>
        world.request(
          'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on AllocationPlan { id status } } }',
          { refs: [{ __typename: 'AllocationPlan', id }] },
          who,
        ),
    ],
    [
      'discardAllocation',
      (id: string, who: TestIdentity) => planRaw(world, 'discardAllocation', { plan: id }, who),
    ],
  ])('%s', async (_, act) => {
    const who: TestIdentity = { role: 'dispatch', areas: ['09'] };
    for (const status of ['PROPOSED', 'CONFIRMED']) {
      const { id } = await proposed(status);
      const [hidden, statements] = await statementsOf(() => act(id, who));
      expect(statements).not.toEqual([]);
      for (const missing of [randomUUID(), 'nobody']) {
        const [response, others] = await statementsOf(() => act(missing, who));
        expect(others).toEqual(statements);
        expect(JSON.stringify(response).replaceAll(missing, 'ID')).toBe(
          JSON.stringify(hidden).replaceAll(id, 'ID'),
        );
      }
    }
  });
});
