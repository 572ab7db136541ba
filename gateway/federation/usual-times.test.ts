import { UsualTimes } from './usual-times.js';

const after = (...answers: [query: string, ms: number, times: number][]) => {
  const usual = new UsualTimes();
  for (const [query, ms, times] of answers) {
    for (let time = 0; time < times; time += 1) usual.took(query, ms);
  }
  return usual;
};

it('takes what was never asked for quick', () => {
  expect(new UsualTimes().isSlow('new')).toBe(false);
});

it('knows the one that takes much longer than the others, and knows when it no longer does', () => {
  const usual = after(['slow', 200, 1], ['quick', 2, 40]);
  expect(['slow', 'quick'].map((query) => usual.isSlow(query))).toEqual([true, false]);
  for (let time = 0; time < 40; time += 1) usual.took('slow', 4);
  expect(usual.isSlow('slow')).toBe(false);
});

it('is not misled by one that took long once', () => {
  const usual = after(['one', 2, 40], ['one', 60, 1], ['other', 2, 40]);
  expect(usual.isSlow('one')).toBe(false);
});

it('calls nobody slow when all wait in the same queue, or when all are quick', () => {
  expect(after(['one', 300, 20], ['other', 200, 20]).isSlow('one')).toBe(false);
  expect(after(['one', 4, 20], ['other', 0.2, 40]).isSlow('one')).toBe(false);
});
