import { NOW } from '../../../../../shared/testing/now.js';
import { north } from '../../../testing/steering.js';
import {
  circleAround,
  steeringFacilities,
  inReach,
  withNearest,
  type CasualtyFacility,
} from './supply.js';

const known = (
  id: string,
  kilometres: number,
  changes: Partial<CasualtyFacility> = {},
): CasualtyFacility => ({
  id,
  kind: 'HOSPITAL',
  area: '05315',
  traumaLevel: null,
  capabilities: [],
  reasons: [],
  intake: [{ category: 'SK_I', free: 1, limit: 2, method: 'MODELLED' }],
  closures: [],
  childrenOnly: false,
  capabilitiesModelled: false,
  latestArrival: null,
  ...north(kilometres),
  ...changes,
});
const scene = (kilometres: number) => ({ id: `at ${kilometres}`, position: north(kilometres) });

test('the circle contains every facility within the radius of any scene', () => {
  const { km, ...centre } = circleAround([scene(0), scene(100)], 30);
  expect(centre.latitude).toBeCloseTo(north(50).latitude);
  expect(km).toBeGreaterThan(80);
  expect(km).toBeLessThan(82);
});

test('a facility is in reach up to the radius from the nearest scene, and not beyond', () => {
  const facilities = [
    known('near', 29.9),
    known('between', 65),
    known('far', 129.9),
    known('no', 131),
  ];
  const reached = inReach(facilities, [scene(0), scene(100)], { area: '', radiusKm: 30 });
  expect(reached.map(({ id }) => id)).toEqual(['near', 'far']);
});

test('steering receives a facility with the data of capacity and the patients who were sent there before', () => {
  const facility = known('h', 0, {
    traumaLevel: 'LOCAL',
    capabilities: ['BURNS', 'HELIPAD'],
    reasons: ['HAZARD'],
    closures: [{ categories: ['SK_II'], needs: ['BURNS'] }],
  });
  const sent = [
    { facility: 'h', category: 'SK_I' as const, count: 2 },
    { facility: 'h', category: 'SK_II' as const, count: 1 },
    { facility: 'other', category: 'SK_I' as const, count: 9 },
  ];
  expect(steeringFacilities([facility, known('plain', 0)], sent, NOW)).toEqual([
    {
      id: 'h',
      kind: 'HOSPITAL',
      position: north(0),
      isTraumaCentre: true,
      helipad: true,
      capabilities: ['BURNS'],
      reasons: ['HAZARD'],
      sent: { SK_I: 2, SK_II: 1 },
      intake: [{ category: 'SK_I', free: 1, limit: 2, method: 'MODELLED', reasons: [] }],
      closures: [{ categories: ['SK_II'], needs: ['BURNS'] }],
    },
    expect.objectContaining({ id: 'plain', isTraumaCentre: false, helipad: false, sent: {} }),
  ]);
});

test('people walk to the nearest hospital, also outside the area, and to no practice', () => {
  const practice = known('practice', 1, { kind: 'PRACTICE' });
  const outside = known('outside', 3, { area: '07131' });
  const inside = known('inside', 5);
  const facilities = [practice, inside, outside];
  expect(withNearest([scene(0)], facilities, NOW)).toEqual([{ ...scene(0), nearest: 'outside' }]);
  expect(inReach(facilities, [scene(0)], { area: '05', radiusKm: 30 })).toEqual([practice, inside]);
  expect(withNearest([scene(0)], [practice], NOW)).toEqual([{ ...scene(0), nearest: null }]);
});

test.each([
  ['2026-01-15T10:30:59Z', 90],
  ['2026-01-15T09:00:30Z', undefined],
  ['2026-01-15T08:00:00Z', undefined],
])('a facility where SK I may arrive until %s is reached within %p minutes', (until, minutes) => {
  const failing = known('h', 0, { reasons: ['NOT_SUSTAINABLE'], latestArrival: until });
  const [facility] = steeringFacilities([failing], [], NOW);
  expect(facility).toMatchObject({ reasons: ['NOT_SUSTAINABLE'] });
  expect(facility!.arriveWithinMinutes).toBe(minutes);
});
