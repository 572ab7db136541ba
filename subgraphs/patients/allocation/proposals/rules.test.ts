import { USUAL } from '../../steering/rules/catalogue.js';
import { discardingFault, judgeDistribution, judgeProposal, nobodyAtScene } from './rules.js';

const planInput = { radiusKm: 100, wave: 1 };

test.each([
  { radiusKm: 0.001 },
  { radiusKm: 1_000 },
  { wave: 20 },
  { without: Array.from({ length: 500 }, () => 'h') },
])('a value at the end of its range is permitted: %j', (changes) => {
  expect(judgeProposal({ ...planInput, ...changes })).toEqual(USUAL);
});

test.each([
  ['radiusKm', { radiusKm: 1_000.1 }],
  ['radiusKm', { radiusKm: Number.NaN }],
  ['wave', { wave: 21 }],
  ['without', { without: Array.from({ length: 501 }, () => 'h') }],
  ['busFrom', { parameters: { busFrom: 1 } }],
])('a value out of its range is refused: %s', (parameter, changes) => {
  expect(judgeProposal({ ...planInput, ...changes })).toMatchObject({ field: parameter });
});

test('a parameter that is null counts as left out', () => {
  const parameters = { ringKm: null, flights: null, waveSkI: 3 };
  expect(judgeProposal({ ...planInput, parameters })).toEqual({ ...USUAL, waveSkI: 3 });
});

test.each([1, 5_000])('a distribution is for %i patients, none of whom walks', (count) => {
  expect(judgeDistribution({ radiusKm: 1, wave: 1, count })).toEqual({
    ...USUAL,
    walkInSkI: 0,
    walkInSkII: 0,
    walkInSkIII: 0,
  });
});

test('a reason has up to 500 characters', () => {
  expect([null, '', 'x'.repeat(500)].map(discardingFault)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(discardingFault('x'.repeat(501))).toContain('not 501');
});

test('the refusal without patients to allocate states whether there are any', () => {
  expect(nobodyAtScene(0).message).toContain('Register casualties first');
  expect(nobodyAtScene(7).message).toContain('None of the 7 patients');
});
