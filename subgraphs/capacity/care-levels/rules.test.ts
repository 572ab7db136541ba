import { isOverwhelmed, NOTHING_DECLARED } from './rules.js';

test.each([
  ['STANDARD', false],
  ['COMPENSATED', false],
  ['DECOMPENSATED', true],
] as const)('a facility at %s is overwhelmed: %p', (level, overwhelmed) => {
  expect(isOverwhelmed({ level })).toBe(overwhelmed);
});

test('a facility of which nobody has said anything is not overwhelmed', () => {
  expect(isOverwhelmed(NOTHING_DECLARED)).toBe(false);
});
