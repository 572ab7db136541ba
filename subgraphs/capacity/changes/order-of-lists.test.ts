import { randomUUID } from 'node:crypto';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { hold, release } from '../testing/holds.js';
import { declareCapabilities } from '../testing/intakes.js';
import { declare } from '../testing/phases.js';
import { close } from '../testing/facility-search.js';
import { facilitiesOf, report, send } from '../testing/reports.js';
import { reserve, slotRequest } from '../testing/reservations.js';

// The clock stands still: everything of a test has one instant, as within one request.
let world: CapacityWorld;
let facilities: string[];
beforeAll(async () => {
  world = await capacityWorld();
  facilities = await facilitiesOf(world, '05315', 8);
});
afterAll(() => world.close());

async function numbered<Made>(make: (n: number) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  for (let n = 0; n < 10; n++) made.push(await make(n));
  return made;
}

async function readFacility(id: string, fields: string) {
  const { data, errors } = await world.request(
    `query ($id: ID!) { facility(id: $id) { ${fields} } }`,
    {
      id,
    },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.facility;
}
const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);

test('reservations stand newest first, page by page', async () => {
  const facility = facilities.pop()!;
  await send(world, report(world, facility, { operable: 100 }));
  const made = await numbered(async () => (await reserve(world, [slotRequest(facility)])).id);
  const listed: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { data } = await world.request(
      `query ($facility: ID!, $after: String) { reservations(filter: { facility: $facility }, first: 3, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor } } }`,
      { facility, after },
    );
    listed.push(...idsOf(data.reservations.nodes));
    after = data.reservations.pageInfo.endCursor;
    more = data.reservations.pageInfo.hasNextPage;
  }
  expect(listed).toEqual(made.toReversed());
});

const DEPARTMENTS = [
  'SURGERY',
  'CARDIOLOGY',
  'NEUROLOGY',
  'OBSTETRICS',
  'BURNS',
  'DIALYSIS',
  'PSYCHIATRY',
  'PAEDIATRICS',
  'INTERNAL_MEDICINE',
  'TRAUMA_SURGERY',
];

test('closures stand newest first, in force and ended', async () => {
  const facility = facilities.pop()!;
  const made = await numbered((n) => close(world, facility, { department: DEPARTMENTS[n] }));
  expect(idsOf((await readFacility(facility, 'closures { id }')).closures)).toEqual(
    made.toReversed(),
  );
});

test('holds and what was released of them stand oldest first', async () => {
  const facility = facilities.pop()!;
  await send(world, report(world, facility, { operable: 100 }));
  const made = await numbered(async () => (await hold(world, facility, { count: 3 })).id);
  const reasons = ['first', 'second', 'third'];
  for (const reason of reasons) await release(world, made[0], { reason });
  const { holds } = await readFacility(facility, 'holds { id releases { reason } }');
  expect(idsOf(holds)).toEqual(made);
  expect(holds[0].releases).toEqual(reasons.map((reason) => ({ reason })));
});

test('the last of several declarations of one instant is in force', async () => {
  const facility = facilities.pop()!;
  const levels = ['COMPENSATED', 'DECOMPENSATED', 'STANDARD'];
  await numbered(async (n) => {
    const level = levels[n % 3];
    await world.request(
      `mutation ($input: DeclareCareLevelInput!) { declareCareLevel(input: $input) { __typename } }`,
      { input: { facility, level, reason: `reason ${n}`, idempotencyKey: randomUUID() } },
    );
  });
  expect((await readFacility(facility, 'careLevel { reason }')).careLevel).toEqual({
    reason: 'reason 9',
  });

  await numbered((n) =>
    declareCapabilities(world, { facility, source: `system ${n}`, capabilities: ['CHILD'] }),
  );
  const { capabilityDeclarations } = await readFacility(
    facility,
    'capabilityDeclarations { source }',
  );
  expect(capabilityDeclarations.map(({ source }: { source: string }) => source)).toEqual(
    Array.from({ length: 10 }, (_, n) => `system ${9 - n}`),
  );
});

test('phases of one strictness stand oldest first', async () => {
  const hazards = ['FLOOD', 'HEAT', 'PANDEMIC', 'CBRN', 'POWER_FAILURE', 'CYBER_ATTACK', 'TERROR'];
  const made = [];
  for (const hazard of hazards) {
    made.push((await declare(world, { area: '05315', phase: 'CATASTROPHE', hazard })).id);
  }
  const { data } = await world.request('{ phases(area: "05315") { id } }');
  expect(idsOf(data.phases)).toEqual(made);
});
