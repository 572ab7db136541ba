import { demandAtScene, demandOfFacility, hasLiving, type WaitingRow } from './demand.js';

const waiting = (id: string, changes: Partial<WaitingRow> = {}): WaitingRow => ({
  id,
  category: 'SK_II',
  transportPriority: false,
  needs: [],
  ventilated: false,
  physicianEscort: false,
  triagedAt: new Date('2026-01-15T09:00:00.000Z'),
  transportable: null,
  latitude: null,
  longitude: null,
  ...changes,
});
const scene = { id: 'incident', latitude: 50, longitude: 7 };
const section = { section: 's', sectionLatitude: 50.123_456, sectionLongitude: 7.5 };

test('the position of the section precedes the patient’s own, and that precedes the incident’s', () => {
  const own = { latitude: 50.004_9, longitude: 7.005_1 };
  const { scenes, casualties } = demandAtScene(
    [waiting('a', { ...section, ...own }), waiting('b', own), waiting('c')],
    scene,
  );
  expect(scenes).toEqual([
    { id: 's', position: { latitude: 50.123_456, longitude: 7.5 } },
    { id: '50 7.01', position: own },
    { id: 'incident', position: { latitude: 50, longitude: 7 } },
  ]);
  expect(casualties.map(({ scene }) => scene)).toEqual(['s', '50 7.01', 'incident']);
});

test('patients within about a kilometre share a scene', () => {
  const here = waiting('a', { latitude: 50.012_3, longitude: 7.02 });
  const beside = waiting('b', { latitude: 50.009_8, longitude: 7.018 });
  expect(demandAtScene([here, beside], scene).scenes).toHaveLength(1);
});

test('a scene of single patients lies in their middle, in any order of patients', () => {
  const around = [7.0161, 7.0178, 7.0203].map((longitude, n) =>
    waiting(`p${n}`, { latitude: 50.01 + n / 1_000, longitude }),
  );
  const { scenes } = demandAtScene(around, scene);
  expect(scenes).toEqual([
    { id: '50.01 7.02', position: { latitude: 50.011, longitude: 7.018_07 } },
  ]);
  expect(demandAtScene(around.toReversed(), scene).scenes).toEqual(scenes);
});

test('scattered patients have at most 50 scenes, besides the sections', () => {
  const scattered = Array.from({ length: 2_000 }, (_, n) =>
    waiting(`p${n}`, { latitude: 50 + (n % 50) / 40, longitude: 7 + Math.floor(n / 50) / 30 }),
  );
  const { scenes, casualties } = demandAtScene([...scattered, waiting('s', section)], scene);
  expect(scenes.length).toBeGreaterThan(15);
  expect(scenes.length).toBeLessThanOrEqual(51);
  expect(scenes.at(-1)!.id).toBe('s');
  const known = new Set(scenes.map(({ id }) => id));
  expect(casualties.every(({ scene }) => known.has(scene))).toBe(true);
  // The scene of a patient is at most the width of a cell from them.
  for (const [n, { scene }] of casualties.slice(0, -1).entries()) {
    const { position } = scenes.find(({ id }) => id === scene)!;
    expect(Math.abs(position.latitude - scattered[n]!.latitude!)).toBeLessThan(0.33);
    expect(Math.abs(position.longitude - scattered[n]!.longitude!)).toBeLessThan(0.33);
  }
});

test('nothing of a person comes into the demand but what care needs to know', () => {
  const known = { ...waiting('a'), pzc: '332761', origin: 'MILITARY', tag: 'Erika' };
  const [casualty] = demandAtScene([known], scene).casualties;
  expect(Object.keys(casualty!).toSorted()).toEqual(
    [
      'category',
      'facilityRefused',
      'id',
      'needs',
      'physicianEscort',
      'scene',
      'transportPriority',
      'triagedAt',
      'ventilated',
    ].toSorted(),
  );
});

test.each([
  ['SK_I', null, false],
  ['SK_I', false, false],
  ['SK_I', true, true],
  ['SK_II', null, true],
  ['SK_II', false, false],
  ['SK_III', true, true],
  ['SK_III', false, false],
  ['SK_IV', true, false],
  ['UNTRIAGED', true, false],
] as const)('%s of whom a physician says %p is moved on: %p', (category, transportable, moved) => {
  const { casualties } = demandOfFacility([waiting('a', { category, transportable })], scene, 1);
  expect(casualties).toHaveLength(moved ? 1 : 0);
});

test('the most urgent of many leave first, as many as asked', () => {
  const patients = [
    waiting('late', { triagedAt: new Date('2026-01-15T10:00:00.000Z') }),
    waiting('green', { category: 'SK_III' }),
    waiting('early'),
    waiting('first', { transportPriority: true }),
    waiting('red', { category: 'SK_I', transportable: true }),
  ];
  const { casualties } = demandOfFacility(patients, scene, 4);
  expect(casualties.map(({ id }) => id)).toEqual(['red', 'first', 'early', 'late']);
});

test('where all are dead there is nobody to plan for', () => {
  const dead = waiting('a', { category: 'EX' });
  expect(hasLiving(demandAtScene([dead], scene))).toBe(false);
  expect(hasLiving(demandAtScene([dead, waiting('b', { category: 'SK_IV' })], scene))).toBe(true);
});
