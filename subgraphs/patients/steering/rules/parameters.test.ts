import { DEFAULTS, isParameterFault, NUMBERS, parametersFrom } from './parameters.js';

test('a plan uses the parameters that are given, and the defaults for the rest', () => {
  expect(parametersFrom({ ringKm: 50 })).toEqual({ ...DEFAULTS, ringKm: 50 });
});

test('every default lies in its range and has a source', () => {
  for (const { default: value, least, most, source, says } of Object.values(NUMBERS)) {
    expect(value).toBeGreaterThanOrEqual(least);
    expect(value).toBeLessThanOrEqual(most);
    expect(source && says).not.toBe('');
  }
  expect(isParameterFault(parametersFrom({ ...DEFAULTS }))).toBe(false);
});

test.each([
  ['detourFactor', 0.9, 'a number from 1 to 3'],
  ['airKmPerHour', '220', 'a number from 100 to 300 (km/h)'],
  ['solverMilliseconds', 6_001, 'a whole number from 0 to 6000 (ms)'],
  ['waveSkI', 1.5, 'a whole number from 0 to 1000'],
  ['downgrade', 'ALWAYS', 'one of NEVER'],
  ['age', 3, 'There is no parameter age'],
])(
  'the parameter %s refuses the value %p and says what was expected',
  (parameter, value, words) => {
    const fault = parametersFrom({ [parameter]: value });
    expect(fault).toMatchObject({ parameter, message: expect.stringContaining(words) });
  },
);

test('weights by which SK IIa would go before SK I are refused', () => {
  expect(parametersFrom({ weightSkI: 4, priorityFactor: 2 })).toMatchObject({
    parameter: 'priorityFactor',
  });
});
