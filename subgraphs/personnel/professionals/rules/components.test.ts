import { regrouped } from './components.js';

const records = (...ids: string[]) => ids.map((id) => ({ id, person: id }));

test('records without a pair stay the persons that they are', () => {
  expect(regrouped(records('a', 'b'), [])).toEqual([]);
});

test('records that a chain of pairs connects count as one person', () => {
  const pairs = [
    ['c', 'd'],
    ['a', 'c'],
  ] as const;
  expect(regrouped(records('a', 'b', 'c', 'd'), pairs)).toEqual([
    { id: 'c', person: 'a' },
    { id: 'd', person: 'a' },
  ]);
});

test('records whose pair was removed count as two persons again', () => {
  const together = ['a', 'b', 'c'].map((id) => ({ id, person: 'a' }));
  expect(regrouped(together, [['b', 'c']])).toEqual([
    { id: 'b', person: 'b' },
    { id: 'c', person: 'b' },
  ]);
});

test('a pair with a record that is not counted changes nothing', () => {
  expect(regrouped(records('a'), [['a', 'b']])).toEqual([]);
});
