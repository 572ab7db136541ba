import fc from 'fast-check';
import { BINDING_GROUPS, staffedBeds, type EffectiveStaff } from './rules.js';

const nurses = (everyday: number, inPhase: number): EffectiveStaff => ({
  group: 'INTENSIVE_CARE_NURSE',
  everyday,
  inPhase,
});
const physicians = (everyday: number, inPhase: number): EffectiveStaff => ({
  group: 'PHYSICIAN',
  everyday,
  inPhase,
});

test('9 of 40 intensive-care nurses withdrawn leave 17 of 22 beds', () => {
  expect(staffedBeds('ICU_HIGH_CARE', 22, [nurses(40, 31)])).toBe(17);
});

test.each([
  ['the group that loses most decides', [nurses(40, 31), physicians(10, 5)], 11],
  ['a group without staff in everyday work does not bind', [nurses(0, 0)], 22],
  ['nobody withdrawn takes nothing', [nurses(40, 40), physicians(7, 7)], 22],
  ['all withdrawn leave no bed', [nurses(40, 0)], 0],
  ['more staff than in everyday work adds no bed', [nurses(40, 45)], 22],
  ['a facility without any known staff loses nothing', [], 22],
])('%s', (_, staff, expected) => {
  expect(staffedBeds('ICU_HIGH_CARE', 22, staff)).toBe(expected);
});

test('nurses of wards do not bind intensive care, and those of intensive care do not bind wards', () => {
  const withdrawn = (group: EffectiveStaff['group']) => [{ group, everyday: 10, inPhase: 0 }];
  expect(staffedBeds('ICU_LOW_CARE', 8, withdrawn('NURSE'))).toBe(8);
  expect(staffedBeds('NORMAL_WARD', 8, withdrawn('INTENSIVE_CARE_NURSE'))).toBe(8);
  expect(staffedBeds('NORMAL_WARD', 8, withdrawn('NURSE'))).toBe(0);
});

test('a whole quotient is not rounded down', () => {
  // 49 × (1 / 49) is below 1 in floating point.
  expect(staffedBeds('ICU_HIGH_CARE', 49, [nurses(49, 1)])).toBe(1);
});

test('beds are never negative, never more than operable, and never fewer with more staff', () => {
  const count = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(count, count, count, count, (operable, everyday, a, b) => {
      const [fewer, more] = [Math.min(a, b), Math.max(a, b)];
      const beds = (inPhase: number) =>
        staffedBeds('ICU_HIGH_CARE', operable, [nurses(everyday, inPhase)]);
      expect(beds(fewer)).toBeGreaterThanOrEqual(0);
      expect(beds(more)).toBeLessThanOrEqual(operable);
      expect(beds(fewer)).toBeLessThanOrEqual(beds(more));
    }),
  );
});

test('every category has groups that bind it', () => {
  expect(Object.values(BINDING_GROUPS).every((groups) => groups.length > 0)).toBe(true);
});
