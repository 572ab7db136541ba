import { facilitiesOf, fuel, report } from '../testing/lifelines.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';

let world: SupplyWorld;
let facilities: string[];
let next = 0;
const newFacility = () => facilities[next++]!;

beforeAll(async () => {
  world = await supplyWorld();
  facilities = await facilitiesOf(world, '05', 10);
});
afterAll(() => world.close());

const at = (minutes: number) =>
  new Date(world.clock.now.getTime() + minutes * 60_000).toISOString();
const staffOf = (facility: string): TestIdentity => ({
  role: 'hospital',
  facilities: [facility],
});

describe('the report in force', () => {
  test('under the name of a foreign source neither silences it nor claims its minutes', async () => {
    const facility = newFacility();
    const device = { ...staffOf(facility), subject: 'gauge' };
    const foreign = { role: 'crisis-staff', areas: [''], subject: 'somebody' };
    await report(world, fuel(world, facility), device);
    await report(world, fuel(world, facility, { stock: 50_000, observedAt: at(4.9) }), foreign);
    world.later(1);
    const own = await report(world, fuel(world, facility, { stock: 9_000 }), device);
    expect(own).toMatchObject({ __typename: 'Lifeline', stock: 9_000 });
    const minute = { stock: 1, observedAt: at(1) };
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
      device.observedAt = at(0);
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
