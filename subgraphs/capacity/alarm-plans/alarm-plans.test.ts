import { eachOnce } from '../../../shared/testing/each-once.js';
import { DAY_MINUTES, MINUTE_MS } from '../../../shared/time/rules.js';
import { openDatabase } from '../database/database.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { activate, activateRaw, endPlan, newKey } from '../testing/intakes.js';
import { facilitiesOf } from '../testing/reports.js';
import { AlarmPlanStore } from './store.js';

let world: CapacityWorld;
let facilities: string[];
/** A facility no other test has activated an alarm plan of. */
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await capacityWorld();
  facilities = await facilitiesOf(world, '05', 100);
});
afterAll(() => world.close());

const minutes = (count: number) => new Date(world.clock.now.getTime() + count * MINUTE_MS);
const countEvents = (facility: string) =>
  world.eventCount({ topic: 'capacity.alarm-plan-changed', entity: facility });
const planOf = async (facility: string) => {
  const { data } = await world.request(
    'query ($facility: ID!) { facility(id: $facility) { alarmPlan { id reason activatedAt until } } }',
    { facility },
  );
  return data.facility.alarmPlan;
};

test('a facility that activates its alarm plan runs it, for a day unless it says otherwise', async () => {
  const facility = newFacility();
  expect(await planOf(facility)).toBeNull();
  expect(await activate(world, { facility, reason: 'train accident' })).toMatchObject({
    __typename: 'Facility',
    id: facility,
    alarmPlan: {
      id: expect.any(String),
      reason: 'train accident',
      activatedAt: world.clock.now.toISOString(),
      until: minutes(DAY_MINUTES).toISOString(),
    },
  });
  expect(await countEvents(facility)).toBe(1);
});

test('it ends when it is ended, which is published once, also when it is said twice', async () => {
  const facility = newFacility();
  const { alarmPlan } = await activate(world, { facility });
  for (const _ of ['first', 'again']) {
    const { data } = await endPlan(world, alarmPlan.id);
    expect(data.endAlarmPlan).toMatchObject({
      __typename: 'Facility',
      id: facility,
      alarmPlan: null,
    });
  }
  expect(await countEvents(facility)).toBe(2);
});

test('it ends by itself exactly at its time, and the timer publishes that once, in however many processes', async () => {
  const facility = newFacility();
  await activate(world, { facility, until: minutes(60) });
  const database = openDatabase(world.databaseUrl);
  const publishEvent = () => new AlarmPlanStore(database, world.clock.now).publishEnded();
  world.clock.now = new Date(minutes(60).getTime() - 1);
  await publishEvent();
  expect(await planOf(facility)).not.toBeNull();
  expect(await countEvents(facility)).toBe(1);
  world.clock.now = new Date(world.clock.now.getTime() + 1);
  expect(await planOf(facility)).toBeNull();
  await Promise.all([publishEvent(), publishEvent(), publishEvent()]);
  await publishEvent();
  await database.close();
  expect(await countEvents(facility)).toBe(2);
});

test('the end of an alarm plan that was ended by hand is not published again when its time comes', async () => {
  const facility = newFacility();
  const { alarmPlan } = await activate(world, { facility, until: minutes(60) });
  await endPlan(world, alarmPlan.id);
  world.later(61);
  const database = openDatabase(world.databaseUrl);
  await new AlarmPlanStore(database, world.clock.now).publishEnded();
  await database.close();
  expect(await countEvents(facility)).toBe(2);
});

test('its end reaches who watches without a request arriving', async () => {
  const facility = newFacility();
  await activate(world, { facility, until: minutes(60) });
  const after = await world.cursor();
  const watch = await world.watch(
    `subscription ($facility: ID!, $after: String!) {
      capacityChanged(facility: $facility, after: $after) { facility { alarmPlan { id } } } }`,
    { facility, after },
  );
  world.later(60);
  const { value } = await watch.next();
  expect(value!.data!['capacityChanged'].facility.alarmPlan).toBeNull();
  await watch.return!();
});

test('one of many callers who activate at once does, and the others learn of it', async () => {
  const facility = newFacility();
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () => activate(world, { facility })),
  );
  const names = outcomes.map(({ __typename }) => __typename).sort();
  expect(names).toEqual([...Array<string>(7).fill('AlarmPlanExists'), 'Facility']);
  const { id } = await planOf(facility);
  const refused = outcomes.filter(({ __typename }) => __typename === 'AlarmPlanExists');
  expect(refused.every(({ active }) => active.id === id)).toBe(true);
  expect(await countEvents(facility)).toBe(1);
});

test('after its end it may be activated again', async () => {
  const facility = newFacility();
  await activate(world, { facility, until: minutes(60) });
  world.later(60);
  expect(await activate(world, { facility })).toMatchObject({ __typename: 'Facility' });
});

test('the same call again changes nothing; a key used for something else is refused', async () => {
  const facility = newFacility();
  const input = { facility, idempotencyKey: newKey() };
  const { alarmPlan } = await activate(world, input);
  expect(await activate(world, input)).toMatchObject({ __typename: 'Facility', alarmPlan });
  expect(await activate(world, { ...input, reason: 'another' })).toMatchObject({
    __typename: 'IdempotencyKeyReused',
  });
  expect(await countEvents(facility)).toBe(1);
});

describe('is refused, with what to do', () => {
  test.each([
    ['an unknown facility', { facility: 'nobody' }, { __typename: 'UnknownFacility' }],
    ['no reason', { reason: ' ' }, { __typename: 'InvalidAlarmPlan', field: 'reason' }],
    [
      'an end that has passed',
      { until: '2020-01-01T00:00:00.000Z' },
      { __typename: 'AlarmPlanEndOutOfRange', earliest: expect.any(String) },
    ],
  ])('%s', async (_, changes, refusal) => {
    const facility = newFacility();
    expect(await activate(world, { facility, ...changes })).toMatchObject({
      ...refusal,
      message: expect.any(String),
    });
    expect(await countEvents(facility)).toBe(0);
  });

  test.each(['nothing', '00000000-0000-0000-0000-000000000000'])(
    'to end what nobody activated: %s',
    async (id) => {
      const { data } = await endPlan(world, id);
      expect(data.endAlarmPlan).toMatchObject({ __typename: 'UnknownAlarmPlan', given: id });
    },
  );
});

describe('who may', () => {
  test.each([
    [
      'the facility itself',
      (facility: string) => ({ role: 'hospital', facilities: [facility] }),
      true,
    ],
    ['another facility', () => ({ role: 'hospital', facilities: [facilities[99]!] }), false],
    ['the control room of its area', () => ({ role: 'dispatch', areas: ['05'] }), true],
    ['that of another', () => ({ role: 'dispatch', areas: ['09'] }), false],
    ['a role that declares no alarm', () => ({ role: 'health-office', areas: [''] }), false],
  ])('%s', async (_, who, may) => {
    const facility = newFacility();
    const { data, errors } = await activateRaw(world, { facility }, who(facility));
    if (may) expect(data.activateAlarmPlan).toMatchObject({ __typename: 'Facility' });
    else expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);

    const { alarmPlan } = may ? data.activateAlarmPlan : await activate(world, { facility });
    const ended = await endPlan(world, alarmPlan.id, who(facility));
    if (may) expect(ended.data.endAlarmPlan).toMatchObject({ __typename: 'Facility' });
    else expect(ended.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
