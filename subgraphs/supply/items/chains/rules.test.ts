import { chainFault, riskReasons, riskScore, type RiskLink } from './rules.js';

const link = (changes: Partial<RiskLink> = {}): RiskLink => ({
  tier: 1,
  country: 'DE',
  singleSource: false,
  stockDays: 28,
  ...changes,
});

test('an item with one source and stock for 3 days has a greater risk than one with more of either', () => {
  const scarce = riskScore([link({ stockDays: 3 })])!;
  expect(riskReasons([link({ stockDays: 3 })])).toEqual([
    { code: 'SINGLE_SOURCE', tier: 1, points: 40 },
    { code: 'SHORT_STOCK', tier: 1, points: 36 },
    { code: 'ONE_COUNTRY', tier: 1, points: 5 },
  ]);
  const others = [
    [link({ stockDays: 14 })],
    [link({ stockDays: 3 }), link({ country: 'FR', stockDays: 3 })],
    [link(), link(), link({ tier: 2, stockDays: 3 })],
  ];
  for (const chain of others) expect(scarce).toBeGreaterThan(riskScore(chain)!);
});

test('two sources in two countries with stock for four weeks are no risk', () => {
  expect(riskReasons([link(), link({ country: 'FR' })])).toEqual([]);
  expect(riskScore([link(), link({ country: 'FR' })])).toBe(0);
});

test('organisations that all depend on one source count as one', () => {
  const chain = [link({ singleSource: true }), link({ singleSource: true, country: 'FR' })];
  expect(riskReasons(chain)).toEqual([{ code: 'SINGLE_SOURCE', tier: 1, points: 40 }]);
});

test('one country outside the European Economic Area is a greater risk than one within', () => {
  expect(riskScore([link({ country: 'IN' }), link({ country: 'IN' })])).toBe(20);
  expect(riskScore([link(), link()])).toBe(5);
});

test('each reason counts once, at the tier where it is worst, and the score is at most 100', () => {
  const chain = [1, 2, 3].map((tier) => link({ tier, country: 'CN', stockDays: 0 }));
  expect(riskScore(chain)).toBe(100);
  expect(riskReasons(chain).map(({ tier }) => tier)).toEqual([1, 1, 1]);
});

test('nothing is known of a chain that nobody declared', () => {
  expect(riskScore([])).toBeNull();
});

test.each([
  [{ tier: 0 }, 'links[0].tier'],
  [{ tier: 10 }, 'links[0].tier'],
  [{ country: 'Germany' }, 'links[0].country'],
  [{ country: 'de' }, 'links[0].country'],
  [{ stockDays: -1 }, 'links[0].stockDays'],
])('a link with %j is refused', (changes, words) => {
  expect(chainFault({ links: [link(changes)] })).toContain(words);
});

test('a declaration has at most 20 links, and may have none', () => {
  expect(chainFault({ links: Array.from({ length: 21 }, () => link()) })).toMatch('at most 20');
  expect(chainFault({ links: [] })).toBeUndefined();
});
