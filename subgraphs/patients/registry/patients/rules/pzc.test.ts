import type { TriageCategory } from '../../../generated/graphql.js';
import { normalisedPzc, pzcParts, pzcWithoutAge, rmiWarning } from './pzc.js';

test.each([
  ['332-76-1', '332761'],
  ['332761', '332761'],
  ['360401', '360401'],
  ['33276-1', '332761'],
  [' 332-76-3 ', '332763'],
])('"%s" is a PZC', (text, code) => {
  expect(normalisedPzc(text)).toBe(code);
});

test.each(['', '332-76-4', '332-76-0', '33-276-1', '332-7-1', '332_76_1', '3327611', 'abc-de-1'])(
  '"%s" is none',
  (text) => {
    expect(normalisedPzc(text)).toBeUndefined();
  },
);

test('it says the Rückmeldeindex, the age and the priority', () => {
  expect(pzcParts('360401', 'SK_I')).toEqual({
    code: '360401',
    rmi: '360',
    ageCode: '40',
    priority: 1,
  });
});

test.each<[TriageCategory, number | null]>([
  ['SK_I', 2],
  ['SK_II', 2],
  ['SK_III', 2],
  ['UNTRIAGED', 2],
  ['SK_IV', null],
  ['EX', null],
  ['UNINJURED', null],
])('its priority is not the Sichtungskategorie: %s gives %p', (category, priority) => {
  expect(pzcParts('332762', category).priority).toBe(priority);
});

test('without the age it still says what and how urgent', () => {
  expect(pzcParts(pzcWithoutAge('332761'), 'SK_I')).toEqual({
    code: '332xx1',
    rmi: '332',
    ageCode: null,
    priority: 1,
  });
});

test('an RMI that the active list lacks is warned of, with the version of the list', () => {
  const list = { version: 'NRW 2026', codes: new Set(['332']) };
  expect(rmiWarning('332761', list)).toBeNull();
  expect(rmiWarning('360401', list)).toMatch(/RMI 360 .*list NRW 2026/);
  expect(rmiWarning('360401', undefined)).toBeNull();
});
