import { demandAtScene, demandOfHouse, hasLiving, type WaitingRow } from './demand.js';

const waiting = (id: string, changes: Partial<WaitingRow> = {}): WaitingRow => ({
  ...{ id, category: 'SK_II', transportPriority: false, needs: [], ventilated: false },
  ...{ physicianEscort: false, triagedAt: new Date('2026-01-15T09:00:00.000Z') },
  ...{ transportable: null, latitude: null, longitude: null },
  ...changes,
});
const place = { id: 'place', latitude: 50, longitude: 7 };
const section = { section: 's', sectionLatitude: 50.123_456, sectionLongitude: 7.5 };

test('the section is known better than the own position, and that better than the incident', () => {
  const own = { latitude: 50.004_9, longitude: 7.005_1 };
  const { scenes, casualties } = demandAtScene(
    [waiting('a', { ...section, ...own }), waiting('b', own), waiting('c')],
    place,
  );
  expect(scenes).toEqual([
    { id: 's', position: { latitude: 50.123_456, longitude: 7.5 } },
    { id: '50 7.01', position: { latitude: 50, longitude: 7.01 } },
    { id: 'place', position: { latitude: 50, longitude: 7 } },
  ]);
  expect(casualties.map(({ scene }) => scene)).toEqual(['s', '50 7.01', 'place']);
});

test('patients within about a kilometre share a place', () => {
  const here = waiting('a', { latitude: 50.012_3, longitude: 7.02 });
  const beside = waiting('b', { latitude: 50.009_8, longitude: 7.018 });
  expect(demandAtScene([here, beside], place).scenes).toHaveLength(1);
});

test('nothing of a person comes into the demand but what care needs to know', () => {
  const known = { ...waiting('a'), pzc: '332761', origin: 'MILITARY', tag: 'Erika' };
  const [casualty] = demandAtScene([known], place).casualties;
  expect(Object.keys(casualty!).toSorted()).toEqual(
    [
      ...['category', 'id', 'needs', 'physicianEscort', 'scene', 'transportPriority'],
      ...['triagedAt', 'ventilated'],
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
  const { casualties } = demandOfHouse([waiting('a', { category, transportable })], place, 1);
  expect(casualties).toHaveLength(moved ? 1 : 0);
});

test('of many the most urgent leave first, as many as asked', () => {
  const patients = [
    waiting('late', { triagedAt: new Date('2026-01-15T10:00:00.000Z') }),
    waiting('green', { category: 'SK_III' }),
    waiting('early'),
    waiting('first', { transportPriority: true }),
    waiting('red', { category: 'SK_I', transportable: true }),
  ];
  const { casualties } = demandOfHouse(patients, place, 4);
  expect(casualties.map(({ id }) => id)).toEqual(['red', 'first', 'early', 'late']);
});

test('where all are dead there is nobody to plan for', () => {
  const dead = waiting('a', { category: 'EX' });
  expect(hasLiving(demandAtScene([dead], place))).toBe(false);
  expect(hasLiving(demandAtScene([dead, waiting('b', { category: 'SK_IV' })], place))).toBe(true);
});
