import {
  idOrNone,
  implausible,
  invalid,
  isRefused,
  isUuid,
  keyFault,
  noneWithCode,
  noneWithId,
  numberFault,
  outOfRange,
  positionFault,
  reasonFault,
  textFault,
  tooManyFault,
} from './rules.js';

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

test('a refusal of an id names the thing in words, the id in its field, and where ids are found', () => {
  expect(noneWithId('supplyLine', 'x', '`SupplyRequest.lines`')).toEqual({
    __typename: 'UnknownSupplyLine',
    message:
      'There is no supply line with the id x that you may see. Take the id from `SupplyRequest.lines`.',
    supplyLineId: 'x',
  });
  expect(noneWithId('hold', 'x', '`holds`', 'release').message).toBe(
    'There is no hold with the id x that you may release. Take the id from `holds`.',
  );
  const { message, holdId } = noneWithId('hold', 'x'.repeat(10_000), '`Facility.holds`');
  expect(message.length).toBeLessThan(200);
  expect(holdId).toHaveLength(10_000);
});

test('a refusal of a code names the code as people do, and says what to do', () => {
  const code = { field: 'callSign', name: 'call sign', given: 'RTW 1' } as const;
  expect(noneWithCode('vehicle', code, 'Assign it first.')).toEqual({
    __typename: 'UnknownVehicle',
    message: 'There is no vehicle with the call sign RTW 1. Assign it first.',
    callSign: 'RTW 1',
  });
});

test('an instant is refused outside its limits, and accepted at both of them', () => {
  const [earliest, latest] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00Z')];
  const judge = (at: Date) =>
    outOfRange('EndOutOfRange', 'until', at, { earliest, latest, advice: 'Correct it.' });
  expect([earliest, latest].map(judge)).toEqual([undefined, undefined]);
  const at = new Date(latest.getTime() + 1);
  expect(judge(at)).toEqual({
    __typename: 'EndOutOfRange',
    message:
      'until lies between 2026-01-01T00:00:00.000Z and 2026-01-02T00:00:00.000Z; received 2026-01-02T00:00:00.001Z. Correct it.',
    field: 'until',
    at,
    earliest,
    latest,
  });
  expect(judge(new Date(earliest.getTime() - 1))?.at).toBeInstanceOf(Date);
});

test.each([
  [0, undefined],
  [9, undefined],
  [-1, 'count lies between 0 and 9 beds; received -1.'],
  [10, 'count lies between 0 and 9 beds; received 10.'],
  [Number.NaN, 'count lies between 0 and 9 beds; received NaN.'],
])('the number %d has the fault %j', (value, fault) => {
  const limits = { minimum: 0, maximum: 9, unit: 'beds' };
  expect(numberFault('count', value, limits)).toBe(fault);
  const refusal = implausible('ImplausibleCount', 'count', value, { ...limits, advice: 'Check.' });
  expect(refusal?.message).toBe(fault && `${fault} Check.`);
});

test('a refusal of a number carries its limits, and a number that a response can carry', () => {
  const number = { minimum: 0, maximum: 9, advice: 'Check.' };
  expect(implausible('ImplausibleCount', 'count', Infinity, number)).toEqual({
    __typename: 'ImplausibleCount',
    message: 'count lies between 0 and 9; received Infinity. Check.',
    field: 'count',
    value: Number.MAX_VALUE,
    minimum: 0,
    maximum: 9,
  });
  const fault = 'count has three digits.';
  expect(implausible('ImplausibleCount', 'count', 1.0001, { ...number, fault })).toMatchObject({
    message: 'count has three digits. Check.',
    value: 1.0001,
  });
});

test('an input is invalid where it has a fault, and that is a refusal', () => {
  expect(invalid('InvalidBed', 'beds', undefined)).toBeUndefined();
  const refusal = invalid('InvalidBed', 'beds', 'No beds.');
  expect(refusal).toEqual({ __typename: 'InvalidBed', message: 'No beds.', field: 'beds' });
  expect(isRefused(refusal)).toBe(true);
  expect(isRefused({ __typename: 'Bed', id: 'x' })).toBe(false);
  expect(isRefused(new Error('no refusal'))).toBe(false);
});

test('a bulk may have as many entries as allowed, and no more', () => {
  expect(tooManyFault('reports', 1_000, 1_000)).toBeUndefined();
  expect(tooManyFault('reports', 1_001, 1_000)).toEqual({
    code: 'TOO_MUCH',
    message:
      'One call takes up to 1000 reports; received 1001. Nothing was stored; send them in several calls.',
  });
});
