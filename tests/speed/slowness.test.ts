import { slowness } from './slowness.js';

test('deadlines are never shorter than on an idle machine, and the same in all tests of a process', () => {
  expect(slowness()).toBeGreaterThanOrEqual(1);
  expect(slowness()).toBe(slowness());
});
