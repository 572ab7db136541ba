import { eachOnce } from '../../../shared/testing/each-once.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import { facilitiesIn } from '../testing/facilities.js';
import { fuel, report, reportAll } from '../testing/lifelines.js';
import {
  staffOf,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../testing/supply-world.js';

let world: SupplyWorld;
let facilities: string[];
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await supplyWorld();
  facilities = await facilitiesIn(world, '05', 10);
});
afterAll(() => world.close());

describe('the report in force', () => {
  test('under the name of a foreign source neither silences it nor claims its minutes', async () => {
    const facility = newFacility();
    const device = { ...staffOf(facility), subject: 'gauge' };
    const foreign = { role: 'crisis-staff', areas: [''], subject: 'somebody' };
    await report(world, fuel(world, facility), device);
    await report(
      world,
      fuel(world, facility, { stock: 50_000, observedAt: world.inMinutes(4.9) }),
      foreign,
    );
    world.later(1);
    const own = await report(world, fuel(world, facility, { stock: 9_000 }), device);
    expect(own).toMatchObject({ __typename: 'Lifeline', stock: 9_000 });
    const minute = { stock: 1, observedAt: world.inMinutes(1) };
    await report(world, fuel(world, facility, minute), foreign);
    world.later(1);
    const next = fuel(world, facility, { stock: 8_900, observedAt: minute.observedAt });
    expect((await report(world, next, device)).__typename).not.toBe('ConflictingLifelineReport');
  });

  test('of a device is refused from a person who does not act for the facility', async () => {
    const facility = newFacility();
    const device = fuel(world, facility, { method: 'DEVICE' });
    const staff = { role: 'crisis-staff', areas: [''] };
    expect(await report(world, device, staff)).toMatchObject({ __typename: 'MethodNotAllowed' });
    expect(
      (await world.pool.query('SELECT FROM lifeline WHERE facility_id = $1', [facility])).rowCount,
    ).toBe(0);
    for (const who of [staffOf(facility), { role: 'service', facilities: [facility] }]) {
      expect(await report(world, device, who)).toMatchObject({ __typename: 'Lifeline' });
      world.later(1);
      device.observedAt = world.inMinutes(0);
    }
  });

  test('that is imported replaces the facility’s own word once that is a day old, and a model never does', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility));
    const other = (method: string) =>
      fuel(world, facility, { method, stock: 400, source: 'other' });
    expect(await report(world, other('IMPORTED'))).toMatchObject({
      __typename: 'LifelineReportNotCounted',
      lifeline: { stock: 10_000 },
      message: expect.stringContaining('REPORTED by test'),
    });
    for (const minutes of [23 * 60, 59]) {
      world.later(minutes);
      expect((await report(world, other('IMPORTED'))).lifeline).toMatchObject({ limitsBeds: true });
    }
    world.later(2);
    expect((await report(world, other('MODELLED'))).lifeline).toMatchObject({ limitsBeds: true });
    world.later(1);
    expect(await report(world, other('IMPORTED'))).toMatchObject({ stock: 400, limitsBeds: false });
  });
});

describe('the sources of a reporter', () => {
  const named = (facility: string, source: string, changes: object = {}) =>
    fuel(world, facility, { source, ...changes });
  const storedOf = async (facility: string) =>
    (
      await world.pool.query(
        'SELECT count(*)::int AS reports, count(DISTINCT source)::int AS sources FROM lifeline_report WHERE facility_id = $1',
        [facility],
      )
    ).rows[0];
  const typesOf = async (reports: object[], who?: TestIdentity) =>
    (await reportAll(world, reports, who)).data.reportLifelines.outcomes.map(
      (outcome: { __typename: string }) => outcome.__typename,
    );

  test('are at most 20 for a lifeline in a day, in one call and over several', async () => {
    const [facility, other] = [newFacility(), newFacility()];
    const invented = Array.from({ length: 1_000 }, (_, n) =>
      named(facility, `m${n}`, { stock: 1_000 + n, observedAt: world.inMinutes(-240 - n / 60) }),
    );
    const types = await typesOf(invented);
    expect(types.slice(20).every((type: string) => type === 'TooManySources')).toBe(true);
    expect(types.slice(0, 20)).not.toContain('TooManySources');
    expect(await storedOf(facility)).toEqual({ reports: 20, sources: 20 });
    const known = named(facility, 'm3', { stock: 990 });
    expect(await typesOf([known, named(facility, 'm20'), named(other, 'm20')])).toEqual([
      'Lifeline',
      'TooManySources',
      'Lifeline',
    ]);
    const gauge = { ...staffOf(facility), subject: 'gauge of the hospital' };
    world.later(1);
    expect(await typesOf([named(facility, 'm20')], gauge)).toEqual(['Lifeline']);
    expect(await report(world, named(facility, 'another'))).toMatchObject({
      __typename: 'TooManySources',
      message:
        'A reporter has at most 20 sources for one lifeline in 24 hours; received another one, another. Report under a name that stays the same.',
    });
    world.later(24 * 60 + 1);
    expect(await report(world, named(facility, 'another'))).toMatchObject({
      __typename: 'Lifeline',
    });
  });

  test('may report as often as they like, and a lie among them stands for review', async () => {
    const facility = newFacility();
    const reports = Array.from({ length: 1_000 }, (_, n) =>
      named(facility, 'gauge', { observedAt: world.inMinutes(-n / 60) }),
    );
    reports.push(named(facility, 'dipstick', { stock: 1, observedAt: world.inMinutes(-30) }));
    expect(new Set(await typesOf(reports.slice(1)))).toEqual(
      new Set(['Lifeline', 'LifelineReportNotCounted']),
    );
    const { rows } = await world.pool.query(
      'SELECT contradicted_until AS until FROM lifeline WHERE facility_id = $1',
      [facility],
    );
    expect(rows).toEqual([{ until: new Date(Date.parse(world.inMinutes(-30)) + 6 * HOUR_MS) }]);
  });
});
