import { randomUUID } from 'node:crypto';
import { eachOnce } from '../../../shared/testing/each-once.js';
import { codesOf } from '../../../shared/testing/graphql-response.js';
import { UNKNOWN_ID } from '../../../shared/testing/unknown-id.js';
import { DAY_MINUTES, MINUTE_MS } from '../../../shared/time/rules.js';
import { capacityWorld, type CapacityWorld, type TestIdentity } from '../testing/capacity-world.js';
import { facilitiesOf } from '../testing/reports.js';
import { openDatabase } from '../database/database.js';
import { ClosureStore } from './store.js';

const CLOSURE = `id department urgencies reason hazard closedAt until active endedAt end overrideReason
  facility { id area }`;

let world: CapacityWorld;
let facilities: string[];
/** A facility in Cologne that no other test has closed. */
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await capacityWorld();
  facilities = await facilitiesOf(world, '05315', 40);
});
afterAll(() => world.close());

const later = (minutes: number) => new Date(world.clock.now.getTime() + minutes * MINUTE_MS);

function closing(facility: string, changes: object = {}) {
  return {
    facility,
    department: 'NEUROSURGERY',
    urgencies: ['INPATIENT'],
    reason: 'no theatre',
    until: later(240).toISOString(),
    idempotencyKey: randomUUID(),
    ...changes,
  };
}

function change(field: string, type: string, input: object, who?: TestIdentity) {
  return world.request(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on Refusal { message }
      ... on Closure { ${CLOSURE} }
      ${field === 'closeDepartment' ? '... on ClosureTimeOutOfRange { field at earliest latest } ... on ClosureExists { closure { id } } ... on UnknownFacility { unknown: facilityId } ... on IdempotencyKeyReused { field }' : '... on UnknownClosure { closureId } ... on ClosureEnded { closure { id end } }'}
      ${field === 'overrideClosure' ? '... on NotInCrisis { area phase needed }' : ''} } }`,
    { input },
    who,
  );
}
const closeRaw = (input: object, who?: TestIdentity) =>
  change('closeDepartment', 'CloseDepartmentInput', input, who);
const close = async (input: object, who?: TestIdentity) =>
  (await closeRaw(input, who)).data.closeDepartment;
const reopenRaw = (closure: string, who?: TestIdentity) =>
  change('reopenDepartment', 'ReopenDepartmentInput', { closure }, who);
const reopen = async (closure: string) => (await reopenRaw(closure)).data.reopenDepartment;

const COORDINATION: TestIdentity = { role: 'crisis-staff', areas: ['05'] };
const overrideRaw = (closure: string, reason: string, who = COORDINATION) =>
  change('overrideClosure', 'OverrideClosureInput', { closure, reason }, who);
const override = async (closure: string, reason = 'mass casualty on the A3') =>
  (await overrideRaw(closure, reason)).data.overrideClosure;

const closuresOf = async (facility: string, active: boolean | null = true) => {
  const { data } = await world.request(
    `query ($facility: ID!, $active: Boolean) {
      facility(id: $facility) { closures(active: $active) { ${CLOSURE} } } }`,
    { facility, active },
  );
  return data.facility.closures;
};

const topicsOf = async (closure: string) =>
  (await world.eventsOf({ entity: closure })).map(({ topic }) => topic);

async function inCrisis(area: string, act: () => Promise<void>) {
  await world.pool.query(
    `INSERT INTO phase_declaration (area, phase, hazard, legal_basis, declared_at, declared_by)
     VALUES ($1, 'MASS_CASUALTY', 'MASS_CASUALTY', 'BHKG', $2, 'test')`,
    [area, world.clock.now],
  );
  await act();
  await world.pool.query('DELETE FROM phase_declaration WHERE area = $1', [area]);
}

describe('closing a department', () => {
  test('shows at the facility, with who is steered elsewhere and why, and is published', async () => {
    const facility = newFacility();
    const closed = await close(closing(facility, { hazard: 'CYBER_ATTACK' }));
    expect(closed).toEqual({
      __typename: 'Closure',
      id: expect.any(String),
      facility: { id: facility, area: '05315' },
      department: 'NEUROSURGERY',
      urgencies: ['INPATIENT'],
      reason: 'no theatre',
      hazard: 'CYBER_ATTACK',
      closedAt: world.clock.now.toISOString(),
      until: later(240).toISOString(),
      active: true,
      endedAt: null,
      end: null,
      overrideReason: null,
    });
    const { __typename, ...shown } = closed;
    expect(await closuresOf(facility)).toEqual([shown]);
    expect(await topicsOf(closed.id)).toEqual(['capacity.closure-declared']);
  });

  test('does not take the facility out of the list of facilities', async () => {
    const facility = newFacility();
    await close(closing(facility, { department: 'WHOLE_HOUSE' }));
    expect(await facilitiesOf(world, '05315', 40)).toContain(facility);
  });

  test.each([
    ['in the past', -1],
    ['more than a day ahead', DAY_MINUTES + 1],
  ])('until a time %s is refused', async (_, minutes) => {
    const until = later(minutes).toISOString();
    expect(await close(closing(newFacility(), { until }))).toMatchObject({
      __typename: 'ClosureTimeOutOfRange',
      at: until,
      earliest: new Date(world.clock.now.getTime() + 1).toISOString(),
      latest: later(DAY_MINUTES).toISOString(),
    });
  });

  test('that is closed for as long already is refused with the closure in force; for longer it is not', async () => {
    const facility = newFacility();
    const { id } = await close(closing(facility));
    expect(await close(closing(facility))).toMatchObject({
      __typename: 'ClosureExists',
      closure: { id },
    });
    const until = later(241).toISOString();
    expect(await close(closing(facility, { until }))).toMatchObject({ __typename: 'Closure' });
    expect(await closuresOf(facility)).toHaveLength(2);
  });

  test.each([UNKNOWN_ID, 'the big one'])('of no facility is refused: %s', async (facility) => {
    expect(await close(closing(facility))).toMatchObject({
      __typename: 'UnknownFacility',
      unknown: facility,
    });
  });

  test.each([
    ['for no urgency', { urgencies: [] }, 'urgencies'],
    ['without a reason', { reason: '' }, 'reason'],
    ['with an endless reason', { reason: 'x'.repeat(501) }, 'reason'],
    ['without a key', { idempotencyKey: ' ' }, 'idempotencyKey'],
  ])('%s is the caller’s fault', async (_, changes, word) => {
    const facility = newFacility();
    const { data, errors } = await closeRaw(closing(facility, changes));
    expect(data.closeDepartment).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors![0]!.message).toContain(word);
    expect(await closuresOf(facility, null)).toEqual([]);
  });

  test('with one key is done once, however often and however much at once', async () => {
    const facility = newFacility();
    const input = closing(facility);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => close(input)));
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1);
    expect(await closuresOf(facility)).toHaveLength(1);
    expect(await topicsOf(outcomes[0].id)).toHaveLength(1);
    expect(await close({ ...input, reason: 'another' })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      field: 'closeDepartment',
    });
  });

  test('by twenty at once, each with a request of its own, closes once', async () => {
    const facility = newFacility();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => close(closing(facility))));
    const kinds = outcomes.map(({ __typename }) => __typename as string).sort();
    expect(kinds).toEqual(['Closure', ...Array<string>(19).fill('ClosureExists')]);
  });
});

describe('a closure ends by itself', () => {
  test('exactly at its time, without anybody doing anything, and is published once', async () => {
    const facility = newFacility();
    const watch = await world.watch(
      `subscription ($facility: ID, $after: String) {
        closureChanged(facility: $facility, after: $after) { at closure { id active end endedAt } } }`,
      { facility, after: await world.cursor() },
    );
    const until = later(60);
    const { id } = await close(closing(facility, { until: until.toISOString() }));
    world.clock.now = new Date(until.getTime() - 1);
    expect(await closuresOf(facility)).toMatchObject([{ id, active: true, end: null }]);
    world.clock.now = until;
    expect(await closuresOf(facility)).toEqual([]);
    const lapsed = { id, active: false, end: 'LAPSED', endedAt: until.toISOString() };
    expect(await closuresOf(facility, false)).toMatchObject([lapsed]);
    const messages = [await watch.next(), await watch.next()];
    await watch.return!();
    expect(messages[1]!.value.data.closureChanged).toMatchObject({ closure: lapsed });
    await publishTwice();
    expect(await topicsOf(id)).toEqual(['capacity.closure-declared', 'capacity.closure-lapsed']);
  });

  test('and is not published as lapsed when it was reopened before', async () => {
    const { id } = await close(closing(newFacility(), { until: later(60).toISOString() }));
    await reopen(id);
    world.later(61);
    await publishTwice();
    expect(await topicsOf(id)).toEqual(['capacity.closure-declared', 'capacity.closure-reopened']);
  });

  test('is still shown among the ended for 7 days', async () => {
    const facility = newFacility();
    await close(closing(facility, { until: later(60).toISOString() }));
    world.later(7 * DAY_MINUTES + 59);
    expect(await closuresOf(facility, null)).toHaveLength(1);
    world.later(1);
    expect(await closuresOf(facility, null)).toEqual([]);
  });

  /** Two processes at once. */
  async function publishTwice() {
    const database = openDatabase(world.databaseUrl);
    const stores = [0, 1].map(() => new ClosureStore(database, world.clock.now));
    await Promise.all(stores.map((store) => store.publishLapsed()));
    await database.close();
  }
});

describe('reopening', () => {
  test('ends a closure, once', async () => {
    const facility = newFacility();
    const { id } = await close(closing(facility));
    const at = world.later(5).toISOString();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => reopen(id)));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ id, active: false, end: 'REOPENED', endedAt: at });
    }
    expect(await closuresOf(facility)).toEqual([]);
    expect(await topicsOf(id)).toEqual(['capacity.closure-declared', 'capacity.closure-reopened']);
  });

  test('is refused for what has ended otherwise', async () => {
    const { id } = await close(closing(newFacility()));
    world.later(240);
    expect(await reopen(id)).toMatchObject({
      __typename: 'ClosureEnded',
      closure: { id, end: 'LAPSED' },
    });
  });

  test.each([UNKNOWN_ID, 'the first one'])('is refused for an unknown closure: %s', async (id) => {
    expect(await reopen(id)).toMatchObject({ __typename: 'UnknownClosure', closureId: id });
  });
});

describe('overriding', () => {
  test('sets a closure aside in a crisis of the facility’s area, with its reason, once', async () => {
    const facility = newFacility();
    const { id } = await close(closing(facility));
    await inCrisis('053', async () => {
      for (const outcome of [await override(id), await override(id)]) {
        expect(outcome).toMatchObject({
          id,
          active: false,
          end: 'OVERRIDDEN',
          overrideReason: 'mass casualty on the A3',
        });
      }
      expect(await override(id, 'another reason')).toMatchObject({
        __typename: 'ClosureEnded',
        closure: { id, end: 'OVERRIDDEN' },
      });
    });
    expect(await closuresOf(facility)).toEqual([]);
    expect(await topicsOf(id)).toEqual([
      'capacity.closure-declared',
      'capacity.closure-overridden',
    ]);
  });

  test('is refused in everyday care, also when there is a crisis elsewhere', async () => {
    const { id } = await close(closing(newFacility()));
    await inCrisis('09', async () => {
      expect(await override(id)).toMatchObject({
        __typename: 'NotInCrisis',
        area: '05315',
        phase: 'EVERYDAY',
        needed: 'MASS_CASUALTY',
      });
    });
    expect(await topicsOf(id)).toEqual(['capacity.closure-declared']);
  });

  test('is refused for an unknown closure', async () => {
    expect(await override(UNKNOWN_ID)).toMatchObject({
      __typename: 'UnknownClosure',
      closureId: UNKNOWN_ID,
    });
  });

  test('without a reason is the caller’s fault', async () => {
    const { errors } = await overrideRaw(UNKNOWN_ID, ' ');
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('the right', () => {
  test.each<[string, (facility: string) => TestIdentity]>([
    ['the facility', (facility) => ({ role: 'hospital', facilities: [facility] })],
    ['its control room', () => ({ role: 'dispatch', areas: ['05315'] })],
  ])('to close and to reopen is with %s', async (_, who) => {
    const facility = newFacility();
    const { data } = await closeRaw(closing(facility), who(facility));
    const { data: reopened } = await reopenRaw(data.closeDepartment.id, who(facility));
    expect(reopened.reopenDepartment).toMatchObject({ end: 'REOPENED' });
  });

  test.each<[string, TestIdentity]>([
    ['another facility', { role: 'hospital', facilities: [UNKNOWN_ID] }],
    ['another area’s control room', { role: 'dispatch', areas: ['09'] }],
    ['a health office', { role: 'health-office', areas: [''] }],
  ])('is not with %s, and nothing is changed or published', async (_, who) => {
    const facility = newFacility();
    const { id } = await close(closing(facility));
    expect(codesOf(await closeRaw(closing(facility, { department: 'BURNS' }), who))).toEqual([
      'FORBIDDEN',
    ]);
    expect(codesOf(await reopenRaw(id, who))).toEqual(['FORBIDDEN']);
    await inCrisis('05315', async () => {
      expect(codesOf(await overrideRaw(id, 'for the crisis', who))).toEqual(['FORBIDDEN']);
    });
    expect(await closuresOf(facility)).toHaveLength(1);
    expect(await topicsOf(id)).toEqual(['capacity.closure-declared']);
  });
});
