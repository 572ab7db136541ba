import { randomUUID } from 'node:crypto';
import { eachOnce } from '../../../shared/testing/each-once.js';
import { UNKNOWN_ID } from '../../../shared/testing/unknown-id.js';
import { capacityWorld, type CapacityWorld, type TestIdentity } from '../testing/capacity-world.js';
import { facilitiesOf } from '../testing/reports.js';

let world: CapacityWorld;
let facilities: string[];
/** A facility in Cologne that no other test has declared for. */
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await capacityWorld();
  facilities = await facilitiesOf(world, '05315', 30);
});
afterAll(() => world.close());

const declaring = (facility: string, changes: object = {}) => ({
  facility,
  level: 'DECOMPENSATED',
  reason: 'forty injured in an hour',
  idempotencyKey: randomUUID(),
  ...changes,
});

const declareRaw = (input: object, who?: TestIdentity) =>
  world.request(
    `mutation ($input: DeclareCareLevelInput!) { declareCareLevel(input: $input) { __typename
      ... on Facility { id careLevel { level reason declaredAt } }
      ... on Refusal { message } ... on UnknownFacility { facilityId } ... on IdempotencyKeyReused { field } } }`,
    { input },
    who,
  );
const declare = async (input: object, who?: TestIdentity) =>
  (await declareRaw(input, who)).data.declareCareLevel;

const levelOf = async (facility: string) => {
  const { data } = await world.request(
    'query ($facility: ID!) { facility(id: $facility) { careLevel { level reason declaredAt } } }',
    { facility },
  );
  return data.facility.careLevel;
};

const eventsOf = (facility: string) =>
  world.eventsOf({ entity: facility, topic: 'capacity.care-level-declared' });

test('a facility of which nobody has said anything keeps its standard', async () => {
  expect(await levelOf(newFacility())).toEqual({
    level: 'STANDARD',
    reason: null,
    declaredAt: null,
  });
});

test('a level stands, with its reason, until the next', async () => {
  const facility = newFacility();
  expect(await declare(declaring(facility))).toEqual({
    __typename: 'Facility',
    id: facility,
    careLevel: {
      level: 'DECOMPENSATED',
      reason: 'forty injured in an hour',
      declaredAt: world.clock.now.toISOString(),
    },
  });
  world.later(60 * 24 * 30);
  expect(await levelOf(facility)).toMatchObject({ level: 'DECOMPENSATED' });
  await declare(declaring(facility, { level: 'COMPENSATED', reason: 'twenty moved' }));
  expect(await levelOf(facility)).toMatchObject({ level: 'COMPENSATED', reason: 'twenty moved' });
});

test('the second of two declarations in one millisecond is in force', async () => {
  const facility = newFacility();
  for (let n = 0; n < 10; n++) {
    await declare(declaring(facility, { reason: `the ${n}th` }));
    expect(await levelOf(facility)).toMatchObject({ reason: `the ${n}th` });
  }
});

test('a subscriber of the Land receives a facility that is overwhelmed', async () => {
  const facility = newFacility();
  const watch = await world.watch(
    `subscription ($after: String) { capacityChanged(area: "05", after: $after) { facility { id careLevel { level } } } }`,
    { after: await world.cursor() },
  );
  await declare(declaring(facility));
  const { value } = await watch.next();
  await watch.return!();
  expect(value!.data!.capacityChanged.facility).toEqual({
    id: facility,
    careLevel: { level: 'DECOMPENSATED' },
  });
  expect(await eventsOf(facility)).toMatchObject([
    { area: '05315', tags: ['level:DECOMPENSATED'] },
  ]);
});

test('one key declares once, however much at once, and another request under it is refused', async () => {
  const facility = newFacility();
  const input = declaring(facility);
  await Promise.all(Array.from({ length: 20 }, () => declare(input)));
  expect(await eventsOf(facility)).toHaveLength(1);
  expect(await declare({ ...input, level: 'STANDARD' })).toMatchObject({
    __typename: 'IdempotencyKeyReused',
    field: 'declareCareLevel',
  });
  expect(await levelOf(facility)).toMatchObject({ level: 'DECOMPENSATED' });
});

test.each([UNKNOWN_ID, 'the big one'])(
  'a facility that does not exist is refused: %s',
  async (facility) => {
    expect(await declare(declaring(facility))).toMatchObject({
      __typename: 'UnknownFacility',
      facilityId: facility,
    });
  },
);

test.each([
  ['without a reason', { reason: ' ' }, 'reason'],
  ['with an endless reason', { reason: 'x'.repeat(501) }, 'reason'],
  ['without a key', { idempotencyKey: '' }, 'idempotencyKey'],
])('a declaration %s is the caller’s fault', async (_, changes, word) => {
  const facility = newFacility();
  const { errors } = await declareRaw(declaring(facility, changes));
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(errors![0]!.message).toContain(word);
  expect(await eventsOf(facility)).toEqual([]);
});

test.each<[string, (facility: string) => TestIdentity]>([
  ['the facility', (facility) => ({ role: 'hospital', facilities: [facility] })],
  ['a health office of its area', () => ({ role: 'health-office', areas: ['05315'] })],
])('%s may declare', async (_, who) => {
  const facility = newFacility();
  expect(await declare(declaring(facility), who(facility))).toMatchObject({
    __typename: 'Facility',
  });
});

test.each<[string, TestIdentity]>([
  ['another facility', { role: 'hospital', facilities: [UNKNOWN_ID] }],
  ['another area’s health office', { role: 'health-office', areas: ['09'] }],
  ['a chamber', { role: 'chamber', areas: [''] }],
])('%s may not, and no event is sent', async (_, who) => {
  const facility = newFacility();
  const { errors } = await declareRaw(declaring(facility), who);
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(await eventsOf(facility)).toEqual([]);
});
