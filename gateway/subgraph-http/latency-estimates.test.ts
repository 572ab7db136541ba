import { UsualTimes } from './latency-estimates.js';

/** Asks each so often, the one after the other, and tells which of them went alone in the last round. */
function asked(times: Record<string, number>, rounds: number, usual = new UsualTimes()): string[] {
  let alone: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    alone = Object.keys(times).filter((query) => usual.goesAlone(query));
    for (const query of alone) usual.took(query, times[query]!);
  }
  return alone;
}

it('does not know what was never asked', () => {
  expect(asked({ one: 1, other: 1 }, 1)).toEqual(['one', 'other']);
});

it('knows the one that takes much longer than the others, though it is always asked with them', () => {
  expect(asked({ slow: 100, a: 2, b: 3, c: 2 }, 50)).toEqual(['slow']);
  expect(asked({ slow: 100, quick: 2 }, 50)).toEqual(['slow']);
});

it('finds out that one has become slow, or quick', () => {
  const usual = new UsualTimes();
  expect(asked({ one: 2, other: 2 }, 50, usual)).toEqual([]);
  asked({ one: 200, other: 2 }, 300, usual);
  expect(asked({ one: 200, other: 2 }, 50, usual)).toEqual(['one']);
  asked({ one: 2, other: 2 }, 60, usual);
  expect(asked({ one: 2, other: 2 }, 10, usual)).toEqual([]);
});

it('calls nobody slow when all wait in the same queue, or when all are quick', () => {
  expect(asked({ one: 300, other: 200 }, 50)).toEqual([]);
  expect(asked({ one: 4, other: 0.2 }, 50)).toEqual([]);
  expect(asked({ one: 0, other: 0 }, 50)).toEqual([]);
});

it('looks again with one question, however many are asked before that is answered', () => {
  const usual = new UsualTimes();
  asked({ one: 2 }, 1, usual);
  const alone = Array.from({ length: 1_000 }, () => usual.goesAlone('one')).filter(Boolean);
  expect(alone).toHaveLength(9);
});
