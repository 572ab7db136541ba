import { filterFault, pznFault, pznOf, unknownItem, wrongUnit } from './rules.js';

const PROPOFOL = { id: 'an id', name: 'Propofol 10 mg', unit: 'PACK' } as const;

describe('a Pharmazentralnummer', () => {
  test.each(['00194323', '00194346', '00583912', '00003493', '27580899'])(
    'is accepted with its check digit: %s',
    (pzn) => {
      expect(pznFault(pzn)).toBeUndefined();
    },
  );

  test.each([0, 1, 2, 4, 5, 6, 7, 8, 9].map((digit) => `0019432${digit}`))(
    'is refused with any other one: %s',
    (pzn) => {
      expect(pznFault(pzn)).toMatch(`expected 3, received ${pzn.at(-1)}`);
    },
  );

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `0000003${digit}`))(
    'is refused where the remainder is 10, whatever its last digit: %s',
    (pzn) => {
      expect(pznFault(pzn)).toMatch('no number begins with these seven digits');
    },
  );

  test.each(['', '0194323', '001943230', '0019432a', ' 0194323', '٠٠١٩٤٣٢٣'])(
    'has eight digits: "%s" is refused',
    (pzn) => {
      expect(pznFault(pzn)).toMatch('eight digits');
    },
  );
});

test('an item is named by its id or by pzn: and its number', () => {
  expect(pznOf('pzn:00194323')).toBe('00194323');
  expect(pznOf('PZN:00194323')).toBe('00194323');
  expect(pznOf('00194323')).toBeUndefined();
});

test('the refusal of an unknown number says whether its check digit is wrong', () => {
  expect(unknownItem('pzn:00194324')).toMatchObject({
    __typename: 'UnknownItem',
    itemId: 'pzn:00194324',
    message: expect.stringContaining('wrong check digit'),
  });
  expect(unknownItem('pzn:00194323').message).toMatch('There is no item');
});

test('a quantity in another unit than the item’s is refused, one in its own is not', () => {
  expect(wrongUnit(PROPOFOL, 'PACK')).toBeUndefined();
  expect(wrongUnit(PROPOFOL, 'DOSE')).toMatchObject({
    __typename: 'WrongUnit',
    item: { id: 'an id' },
    givenUnit: 'DOSE',
  });
});

test.each([
  [{ pzn: '00194324' }, 'check digit'],
  [{ text: ' ' }, 'text'],
  [{ text: 'x'.repeat(101) }, 'text'],
])('a filter that can match nothing is refused: %j', (filter, word) => {
  expect(filterFault(filter)).toMatch(word);
});

test('a filter may be empty', () => {
  expect(filterFault({})).toBeUndefined();
  expect(filterFault({ pzn: null, text: null })).toBeUndefined();
});
