import { idOrNone, isUuid, keyFault, positionFault, reasonFault, textFault } from './rules.js';

const ID = '743844d4-82d7-8d09-be3d-3f37ad80b52e';

test.each([
  [ID, true],
  [ID.toUpperCase(), false],
  [`${ID} `, false],
  ['772997', false],
  ['', false],
])('the database may have the id "%s": %s', (text, expected) => {
  expect(isUuid(text)).toBe(expected);
});

test('a text that is no id becomes an id that nothing has', () => {
  expect(idOrNone(ID)).toBe(ID);
  expect(idOrNone("x'; --")).toBe('00000000-0000-0000-0000-000000000000');
});

test.each([
  [90, 180, undefined],
  [-90, -180, undefined],
  [90.1, 0, 'latitude lies between -90 and 90 degrees; received 90.1.'],
  [Number.NaN, 0, 'latitude lies between -90 and 90 degrees; received NaN.'],
  [0, -180.5, 'longitude lies between -180 and 180 degrees; received -180.5.'],
])('the position %d, %d has the fault %j', (latitude, longitude, fault) => {
  expect(positionFault({ latitude, longitude })).toBe(fault);
});

test.each([
  [reasonFault, 500, 'reason says why in 1 to 500 characters'],
  [keyFault, 200, 'idempotencyKey has 1 to 200 characters'],
  [(text: string) => textFault('name', text, 7), 7, 'name has 1 to 7 characters'],
])('%p takes a text up to its length and names the length of a longer one', (fault, max, start) => {
  expect(fault('x'.repeat(max))).toBeUndefined();
  expect(fault('x'.repeat(max + 1))).toMatch(`${start}; received ${max + 1}.`);
  for (const blank of ['', ' \n']) expect(fault(blank)).toMatch(`${start}; received nothing.`);
});
