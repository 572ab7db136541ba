import { idAt, idOfKey } from './ids.js';

test('a key has one id, a UUID of version 8', () => {
  expect(idOfKey('facility site 772997')).toBe(idOfKey('facility site 772997'));
  expect(idOfKey('facility site 772997')).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test('two keys have two ids', () => {
  expect(idOfKey('facility 1')).not.toBe(idOfKey('item 1'));
});

test('an id that is made at an instant is a UUID of version 7, and ids are in the order of their instants', () => {
  const instants = [0, 1, 1_796_099_700_000, 1_796_099_700_001].map((at) => new Date(at));
  const ids = instants.map(idAt);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(ids.toSorted()).toEqual(ids);
  expect(
    instants.map((_, n) => Number.parseInt(ids[n]!.replace('-', '').slice(0, 12), 16)),
  ).toEqual(instants.map(Number));
});

test('a thousand ids of one instant differ', () => {
  const instant = new Date(1_796_099_700_000);
  expect(new Set(Array.from({ length: 1_000 }, () => idAt(instant))).size).toBe(1_000);
});
