import { idOfKey } from './ids.js';

test('a key has one id, a UUID of version 8', () => {
  expect(idOfKey('facility site 772997')).toBe(idOfKey('facility site 772997'));
  expect(idOfKey('facility site 772997')).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test('two keys have two ids', () => {
  expect(idOfKey('facility 1')).not.toBe(idOfKey('item 1'));
});
