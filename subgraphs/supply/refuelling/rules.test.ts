import fc from 'fast-check';
import { hoursFromNow, NOW } from '../../../shared/testing/now.js';
import { type FuelDemand, planRefuelling, refuseVehicles, type TankLorry } from './rules.js';

/** A facility in Cologne, some kilometres north of the lorry, that fails after some hours. */
function need(facility: string, hours: number, changes: Partial<FuelDemand> = {}): FuelDemand {
  const site = { latitude: 50.94, longitude: 6.96 };
  return {
    facility,
    failsAt: hoursFromNow(hours),
    load: 100,
    intensiveBeds: 10,
    ...site,
    ...changes,
  };
}
function lorry(id: string, changes: Partial<TankLorry> = {}): TankLorry {
  const position = { latitude: 50.94, longitude: 6.96 };
  return { id, litres: 10_000, position, availableFrom: NOW, ...changes };
}
const order = (needs: FuelDemand[], lorries: TankLorry[]) =>
  planRefuelling(needs, lorries, NOW).runs.map(({ stops }) =>
    stops.map((stop) => stop.need.facility),
  );

describe('a plan', () => {
  test('serves the first to fail first, and of two at once the one with more intensive care', () => {
    const needs = [need('late', 9), need('small', 3, { intensiveBeds: 2 }), need('large', 3)];
    expect(order(needs, [lorry('a')])).toEqual([['large', 'small', 'late']]);
  });

  test('keeps the beds of a large facility rather than those of a small one that fails before', () => {
    const far = { latitude: 51.5 };
    const needs = [
      need('small', 1.9, { ...far, intensiveBeds: 2 }),
      need('large', 2, { latitude: 50.4, intensiveBeds: 40 }),
    ];
    const plan = planRefuelling(needs, [lorry('a')], NOW);
    expect(plan).toMatchObject({ bedsKept: 40, bedsKeptAtMost: 42, facilitiesKept: 1 });
    expect(plan.failing).toMatchObject([{ need: { facility: 'small' }, stop: { inTime: false } }]);
  });

  test('says who fails before help arrives, and when help arrives all the same', () => {
    const plan = planRefuelling(
      [need('a', 1)],
      [lorry('a', { availableFrom: hoursFromNow(2) })],
      NOW,
    );
    expect(plan.failing[0]!.stop).toMatchObject({ arrivesAt: hoursFromNow(2), inTime: false });
    expect(plan.failing[0]!.stop!.lastsUntil).toEqual(hoursFromNow(26));
    expect(plan).toMatchObject({ bedsKept: 0, bedsKeptAtMost: 0 });
  });

  test('leaves fuel for a day where there is enough, and shares where there is not', () => {
    const litres = (carried: number) =>
      planRefuelling(
        [need('a', 5), need('b', 6)],
        [lorry('a', { litres: carried })],
        NOW,
      ).runs.flatMap(({ stops }) => stops.map((stop) => stop.litres));
    expect(litres(10_000)).toEqual([2_400, 2_400]);
    expect(litres(2_000)).toEqual([1_000, 1_000]);
    expect(litres(800)).toEqual([600]);
    expect(litres(500)).toEqual([]);
  });

  test('tops up a stop that its lorry left short with what another still carries', () => {
    const plan = planRefuelling(
      [need('a', 2, { load: 200 })],
      [lorry('near', { litres: 2_000 }), lorry('far', { availableFrom: hoursFromNow(1) })],
      NOW,
    );
    const stops = plan.runs.map((run) => run.stops);
    expect(stops).toMatchObject([
      [{ litres: 2_000, failsAt: hoursFromNow(2), lastsUntil: hoursFromNow(12) }],
      [
        {
          litres: 2_800,
          failsAt: hoursFromNow(12),
          arrivesAt: hoursFromNow(1),
          lastsUntil: hoursFromNow(26),
          inTime: true,
        },
      ],
    ]);
    expect(plan).toMatchObject({ facilitiesKept: 1, bedsKept: 10, failing: [] });
  });

  test('tops up the facility first that is dark first, and none that nobody reaches before', () => {
    const needs = [need('a', 2), need('b', 3)];
    const small = [lorry('1', { litres: 600 }), lorry('2', { litres: 600 })];
    const third = (availableFrom: Date) =>
      planRefuelling(needs, [...small, lorry('3', { litres: 900, availableFrom })], NOW).runs[2]!;
    expect(third(hoursFromNow(4)).stops.map((stop) => [stop.need.facility, stop.litres])).toEqual([
      ['a', 450],
      ['b', 450],
    ]);
    expect(third(hoursFromNow(10)).stops).toEqual([]);
  });

  test('moves the hour of failure by what is left there', () => {
    const [run] = planRefuelling([need('a', 5)], [lorry('a')], NOW).runs;
    expect(run!.stops[0]).toMatchObject({
      arrivesAt: NOW,
      lastsUntil: hoursFromNow(29),
      inTime: true,
    });
  });
});

/** Every plan of up to three stops of one lorry, tried one after the other. */
test('no plan exceeds the bound, no lorry gives more than it carries, and each facility gets a day at most', () => {
  const site = {
    latitude: fc.double({ min: 50, max: 52, noNaN: true }),
    longitude: fc.double({ min: 6, max: 8, noNaN: true }),
  };
  const needs = fc.array(
    fc.record({
      facility: fc.uuid(),
      ...site,
      failsAt: fc.integer({ min: 0, max: 72 }).map(hoursFromNow),
      load: fc.integer({ min: 1, max: 500 }),
      intensiveBeds: fc.integer({ min: 0, max: 60 }),
    }),
    { maxLength: 30 },
  );
  const lorries = fc.array(
    fc.record({
      id: fc.uuid(),
      litres: fc.integer({ min: 1, max: 30_000 }),
      position: fc.record(site),
      availableFrom: fc.integer({ min: -2, max: 24 }).map(hoursFromNow),
    }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(needs, lorries, (some, fleet) => {
      const plan = planRefuelling(some, fleet, NOW);
      expect(plan.bedsKept).toBeLessThanOrEqual(plan.bedsKeptAtMost);
      expect(plan.facilitiesKept).toBeLessThanOrEqual(plan.facilitiesKeptAtMost);
      const stops = plan.runs.flatMap((run) => run.stops);
      for (const one of some) {
        const ofNeed = stops.filter((stop) => stop.need === one);
        const given = ofNeed.reduce((sum, stop) => sum + stop.litres, 0);
        expect(given).toBeLessThanOrEqual(Math.ceil(24 * one.load));
        // A stop that tops up follows the stop before it without a gap.
        for (const stop of ofNeed.filter(({ failsAt }) => failsAt > one.failsAt)) {
          expect(ofNeed.map(({ lastsUntil }) => lastsUntil)).toContainEqual(stop.failsAt);
          expect(stop.inTime).toBe(true);
        }
      }
      const reached = new Set(stops.map((stop) => stop.need));
      const failing = plan.failing.filter(({ stop }) => stop === undefined);
      expect(reached.size + failing.length).toBe(some.length);
      expect(plan.facilitiesKept + plan.failing.length).toBe(some.length);
      for (const [index, run] of plan.runs.entries()) {
        const given = run.stops.reduce((sum, stop) => sum + stop.litres, 0);
        expect(given + run.litresLeft).toBeCloseTo(fleet[index]!.litres);
        expect(run.litresLeft).toBeGreaterThanOrEqual(0);
        const arrivals = run.stops.map((stop) => stop.arrivesAt.getTime());
        expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b));
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['none', [], 'vehicles'],
  ['one without fuel', [lorry('a', { litres: 0 })], 'vehicles[0].litres'],
  [
    'one nowhere',
    [lorry('a', { position: { latitude: 91, longitude: 0 } })],
    'vehicles[0].position',
  ],
  ['one twice', [lorry('a'), lorry('a')], 'vehicles[1].id'],
  ['one without a name', [lorry(' ')], 'vehicles[0].id'],
  [
    'one in a month',
    [lorry('a', { availableFrom: hoursFromNow(720) })],
    'vehicles[0].availableFrom',
  ],
  [
    'one of last year',
    [lorry('a', { availableFrom: hoursFromNow(-9_000) })],
    'vehicles[0].availableFrom',
  ],
])('vehicles are refused: %s', (_, vehicles, field) => {
  expect(refuseVehicles({ area: '05', vehicles }, NOW)).toMatchObject({ field });
});
