import { LatencyEstimates } from './latency-estimates.js';

/** Sends each query in several rounds, one after the other, and returns those that bypassed the batch in the last round. */
function requests(
  times: Record<string, number>,
  rounds: number,
  usual = new LatencyEstimates(),
): string[] {
  let alone: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    alone = Object.keys(times).filter((query) => usual.bypassesBatch(query));
    for (const query of alone) usual.record(query, times[query]!);
  }
  return alone;
}

it('a request that was never sent has no latency estimate', () => {
  expect(requests({ one: 1, other: 1 }, 1)).toEqual(['one', 'other']);
});

it('a request that takes much longer than the others is known, though it is always sent with them', () => {
  expect(requests({ slow: 100, a: 2, b: 3, c: 2 }, 50)).toEqual(['slow']);
  expect(requests({ slow: 100, quick: 2 }, 50)).toEqual(['slow']);
});

it('a request that has become slow, or quick, is found out', () => {
  const usual = new LatencyEstimates();
  expect(requests({ one: 2, other: 2 }, 50, usual)).toEqual([]);
  requests({ one: 200, other: 2 }, 300, usual);
  expect(requests({ one: 200, other: 2 }, 50, usual)).toEqual(['one']);
  requests({ one: 2, other: 2 }, 60, usual);
  expect(requests({ one: 2, other: 2 }, 10, usual)).toEqual([]);
});

it('no request is called slow when all wait in the same queue, or when all are quick', () => {
  expect(requests({ one: 300, other: 200 }, 50)).toEqual([]);
  expect(requests({ one: 4, other: 0.2 }, 50)).toEqual([]);
  expect(requests({ one: 0, other: 0 }, 50)).toEqual([]);
});

it('a latency estimate is measured again with one request, however many are sent before its response', () => {
  const usual = new LatencyEstimates();
  requests({ one: 2 }, 1, usual);
  const alone = Array.from({ length: 1_000 }, () => usual.bypassesBatch('one')).filter(Boolean);
  expect(alone).toHaveLength(9);
});
