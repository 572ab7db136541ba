import { disagreementCursor } from '../beds/disagreement-cursor.js';
import { facilityCursors } from './page.js';

const ID = '743844d4-82d7-8d09-be3d-3f37ad80b52e';
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** JSON.parse reads 1e999 as Infinity. */
const infinite = Buffer.from(`["distance",1e999,"${ID}"]`).toString('base64url');

test.each([
  ['age', { value: 1_601_510_400_000.25, id: ID }],
  ['distance', { value: 12.5, id: ID }],
] as const)('by %s, a cursor leads back to its position: %o', (order, position) => {
  const { read, write } = facilityCursors[order];
  expect(read(write(position))).toEqual(position);
});

test.each([
  ['age', encoded(['age', 9e15, ID])],
  ['age', encoded(['age', -1, ID])],
  ['age', encoded(['distance', 5, ID])],
  ['distance', encoded(['distance', 1e300, ID])],
  ['distance', encoded(['distance', -0.1, ID])],
  ['distance', infinite],
  ['distance', encoded(['distance', null, ID])],
] as const)('by %s, a cursor that no list made is refused: %s', (order, cursor) => {
  expect(() => facilityCursors[order].read(cursor)).toThrow('no cursor of this list');
});

test.each([9e15, -1, 1e300, null])('disagreements do not begin behind %p', (value) => {
  const cursor = encoded([value, `${ID} ICU_HIGH_CARE`]);
  expect(() => disagreementCursor.read(cursor)).toThrow('no cursor of this list');
});
