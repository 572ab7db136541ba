import { openDatabase } from '../database/database.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { activate, activateRaw, endPlan, newKey } from '../testing/intakes.js';
import { facilitiesOf } from '../testing/reports.js';
import { AlarmPlanStore } from './store.js';

let world: CapacityWorld;
let houses: string[];
let next = 0;
/** A house no other test has activated an alarm plan of. */
const newHouse = () => houses[next++]!;

beforeAll(async () => {
  world = await capacityWorld();
  houses = await facilitiesOf(world, '05', 100);
});
afterAll(() => world.close());

const minutes = (count: number) => new Date(world.clock.now.getTime() + count * 60_000);
const told = async (house: string): Promise<number> =>
  (
    await world.pool.query(
      `SELECT FROM outbox_event WHERE topic = 'capacity.alarm-plan-changed' AND entity = $1`,
      [house],
    )
  ).rowCount!;
const planOf = async (facility: string) => {
  const { data } = await world.ask(
    'query ($facility: ID!) { facility(id: $facility) { alarmPlan { id reason activatedAt until } } }',
    { facility },
  );
  return data.facility.alarmPlan;
};

test('a facility that activates its alarm plan runs it, for a day unless it says otherwise', async () => {
  const house = newHouse();
  expect(await planOf(house)).toBeNull();
  expect(await activate(world, { facility: house, reason: 'train accident' })).toMatchObject({
    __typename: 'Facility',
    id: house,
    alarmPlan: {
      id: expect.any(String),
      reason: 'train accident',
      activatedAt: world.clock.now.toISOString(),
      until: minutes(24 * 60).toISOString(),
    },
  });
  expect(await told(house)).toBe(1);
});

test('it ends when it is ended, which is told once, also when it is said twice', async () => {
  const house = newHouse();
  const { alarmPlan } = await activate(world, { facility: house });
  for (const _ of ['first', 'again']) {
    const { data } = await endPlan(world, alarmPlan.id);
    expect(data.endAlarmPlan).toMatchObject({ __typename: 'Facility', id: house, alarmPlan: null });
  }
  expect(await told(house)).toBe(2);
});

test('it ends by itself exactly at its time, and the timer tells so once, in however many processes', async () => {
  const house = newHouse();
  await activate(world, { facility: house, until: minutes(60) });
  const database = openDatabase(world.pool.options.connectionString!);
  const tell = () => new AlarmPlanStore(database, world.clock.now).tellEnded();
  world.clock.now = new Date(minutes(60).getTime() - 1);
  await tell();
  expect(await planOf(house)).not.toBeNull();
  expect(await told(house)).toBe(1);
  world.clock.now = new Date(world.clock.now.getTime() + 1);
  expect(await planOf(house)).toBeNull();
  await Promise.all([tell(), tell(), tell()]);
  await tell();
  await database.close();
  expect(await told(house)).toBe(2);
});

test('one that was ended by hand is not told again when its time comes', async () => {
  const house = newHouse();
  const { alarmPlan } = await activate(world, { facility: house, until: minutes(60) });
  await endPlan(world, alarmPlan.id);
  world.later(61);
  const database = openDatabase(world.pool.options.connectionString!);
  await new AlarmPlanStore(database, world.clock.now).tellEnded();
  await database.close();
  expect(await told(house)).toBe(2);
});

test('its end reaches who watches without a request arriving', async () => {
  const house = newHouse();
  await activate(world, { facility: house, until: minutes(60) });
  const after = (await world.ask('{ capacityCursor }')).data.capacityCursor;
  const watch = await world.watch(
    `subscription ($facility: ID!, $after: String!) {
      capacityChanged(facility: $facility, after: $after) { facility { alarmPlan { id } } } }`,
    { facility: house, after },
  );
  world.later(60);
  const { value } = await watch.next();
  expect(value!.data!['capacityChanged'].facility.alarmPlan).toBeNull();
  await watch.return!();
});

test('of many who activate at once one does, and the others learn of it', async () => {
  const house = newHouse();
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () => activate(world, { facility: house })),
  );
  const names = outcomes.map(({ __typename }) => __typename).sort();
  expect(names).toEqual([...Array<string>(7).fill('AlarmPlanActive'), 'Facility']);
  const { id } = await planOf(house);
  const refused = outcomes.filter(({ __typename }) => __typename === 'AlarmPlanActive');
  expect(refused.every(({ active }) => active.id === id)).toBe(true);
  expect(await told(house)).toBe(1);
});

test('after its end it may be activated again', async () => {
  const house = newHouse();
  await activate(world, { facility: house, until: minutes(60) });
  world.later(60);
  expect(await activate(world, { facility: house })).toMatchObject({ __typename: 'Facility' });
});

test('the same call again changes nothing; a key used for something else is refused', async () => {
  const house = newHouse();
  const input = { facility: house, idempotencyKey: newKey() };
  const { alarmPlan } = await activate(world, input);
  expect(await activate(world, input)).toMatchObject({ __typename: 'Facility', alarmPlan });
  expect(await activate(world, { ...input, reason: 'another' })).toMatchObject({
    __typename: 'IdempotencyKeyReused',
  });
  expect(await told(house)).toBe(1);
});

describe('is refused, with what to do', () => {
  test.each([
    ['an unknown facility', { facility: 'nobody' }, { __typename: 'UnknownFacility' }],
    ['no reason', { reason: ' ' }, { __typename: 'AlarmPlanIncomplete', field: 'reason' }],
    [
      'an end that has passed',
      { until: '2020-01-01T00:00:00.000Z' },
      { __typename: 'AlarmPlanEndOutOfRange', earliest: expect.any(String) },
    ],
  ])('%s', async (_, changes, refusal) => {
    const house = newHouse();
    expect(await activate(world, { facility: house, ...changes })).toMatchObject({
      ...refusal,
      message: expect.any(String),
    });
    expect(await told(house)).toBe(0);
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
    ['the house itself', (house: string) => ({ role: 'hospital', facilities: [house] }), true],
    ['another house', () => ({ role: 'hospital', facilities: [houses[99]!] }), false],
    ['the control room of its area', () => ({ role: 'dispatch', areas: ['05'] }), true],
    ['that of another', () => ({ role: 'dispatch', areas: ['09'] }), false],
    ['a role that declares no alarm', () => ({ role: 'health-office', areas: [''] }), false],
  ])('%s', async (_, who, may) => {
    const house = newHouse();
    const { data, errors } = await activateRaw(world, { facility: house }, who(house));
    if (may) expect(data.activateAlarmPlan).toMatchObject({ __typename: 'Facility' });
    else expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);

    const { alarmPlan } = may ? data.activateAlarmPlan : await activate(world, { facility: house });
    const ended = await endPlan(world, alarmPlan.id, who(house));
    if (may) expect(ended.data.endAlarmPlan).toMatchObject({ __typename: 'Facility' });
    else expect(ended.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
