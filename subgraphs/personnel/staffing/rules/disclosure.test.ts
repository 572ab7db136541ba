import fc from 'fast-check';
import { hiddenShare, shareInSteps, shareOfArea, type Share } from './disclosure.js';

/** A facility of which a phase takes `count` of `most` people. */
interface Facility {
  count: number;
  most: number;
}
type ShareOf = (count: number, most: number) => Share;
const shownOf = (facilities: readonly Facility[], shareOf: ShareOf) => {
  const shares = facilities.map(({ count, most }) => shareOf(count, most));
  return [shareOfArea(shares)].concat(shares).map(({ shown }) => shown);
};
/** Numbers that are shown of two Kreise, their Land and every facility; the first `inFirst` facilities lie in the first Kreis. */
const shownOfLand = (facilities: readonly Facility[], shareOf: ShareOf, inFirst: number) => {
  const shares = facilities.map(({ count, most }) => shareOf(count, most));
  const kreise = [shares.slice(0, inFirst), shares.slice(inFirst)].map(shareOfArea);
  return [shareOfArea(kreise)].concat(kreise, shares).map(({ shown }) => shown);
};

describe('a crisis staff of a Kreis', () => {
  test('with one hospital sees of the Kreis what it sees of the hospital', () => {
    expect(shownOf([{ count: 7, most: 40 }], shareInSteps)).toEqual([5, 5]);
    expect(shownOf([{ count: 8, most: 40 }], hiddenShare)).toEqual([0, 0]);
  });

  test('with two hospitals sees no more than of both together, because each knows its own number', () => {
    const both = [
      { count: 4, most: 40 },
      { count: 3, most: 30 },
    ];
    expect(shownOf(both, shareInSteps)).toEqual([0, 0, 0]);
    expect(shownOf(both, hiddenShare)).toEqual([0, 0, 0]);
  });

  test('with three hospitals sees how many reservists there are in all, and not where', () => {
    const three = [
      { count: 2, most: 40 },
      { count: 4, most: 30 },
      { count: 2, most: 20 },
    ];
    expect(shownOf(three, hiddenShare)).toEqual([5, 0, 0, 0]);
  });

  test('with four hospitals that hide up to 4 people each sees the sum of what they hide', () => {
    const four = [1, 2, 1, 2].map((count) => ({ count, most: 40 }));
    expect(shownOf(four, shareInSteps)).toEqual([5, 0, 0, 0, 0]);
    expect(
      shownOf(
        [3, 2, 0].map((count) => ({ count, most: 40 })),
        shareInSteps,
      )[0],
    ).toBe(0);
  });
});

test('a Land shows its people in steps, and so do its Kreise, up to what none of them can be derived from', () => {
  const kreise = [[6, 2, 3, 1], [1], [12, 3], [4, 4, 4, 4]].map((counts) =>
    shareOfArea(counts.map((count) => shareInSteps(count, 40))),
  );
  expect(kreise.map(({ shown }) => shown)).toEqual([10, 0, 10, 5]);
  expect(shareOfArea(kreise)).toMatchObject({ count: 44, shown: 35 });
  const many = Array.from({ length: 40 }, (_, n) => shareInSteps(n % 7, 40));
  expect(shareOfArea(many)).toMatchObject({ count: 115, shown: 115 });
});

/** All the numbers that facilities may have, as far as everybody knows. */
function* worlds(most: readonly number[]): Generator<number[]> {
  const [first, ...others] = most;
  if (first === undefined) yield [];
  else {
    for (let count = 0; count <= first; count += 1) {
      for (const rest of worlds(others)) yield [count].concat(rest);
    }
  }
}

const facility = fc
  .record({ count: fc.nat(7), most: fc.nat(7) })
  .map(({ count, most }) => ({ count: Math.min(count, most), most }));

describe.each([
  ['shown in steps', shareInSteps],
  ['shown in sums alone', hiddenShare],
])('of numbers %s', (_, shareOf) => {
  /** Fails where what is seen excludes that a facility hides nobody, also for one that knows the rule and the number of another facility. */
  const expectNothingLearned = (
    facilities: readonly Facility[],
    see: (facilities: readonly Facility[]) => number[],
  ) => {
    const seen = see(facilities).join();
    const least = facilities.map(({ count, most }) => shareOf(count, most).shown);
    const possible = [...worlds(facilities.map(({ most }) => most))].filter(
      (counts) =>
        see(counts.map((count, n) => ({ count, most: facilities[n]!.most }))).join() === seen,
    );
    for (const derived of facilities.keys()) {
      const hidesNobody = possible.filter((counts) => counts[derived] === least[derived]);
      expect(hidesNobody).not.toEqual([]);
      for (const [known, { count }] of facilities.entries()) {
        if (known === derived) continue;
        expect(hidesNobody.some((counts) => counts[known] === count)).toBe(true);
      }
    }
  };

  test('nobody learns from the sum of a Kreis whether a facility hides anybody', () => {
    fc.assert(
      fc.property(fc.array(facility, { minLength: 1, maxLength: 4 }), (facilities) =>
        expectNothingLearned(facilities, (all) => shownOf(all, shareOf)),
      ),
      { numRuns: 60 },
    );
  });

  test('nobody learns it from the sums of a Land and its Kreise', () => {
    fc.assert(
      fc.property(
        fc.array(facility, { minLength: 2, maxLength: 5 }),
        fc.nat(5),
        (facilities, inFirst) =>
          expectNothingLearned(facilities, (all) => shownOfLand(all, shareOf, inFirst)),
      ),
      { numRuns: 60 },
    );
  });
});

test('every number and every difference is 0 or a step of at least 5 people, and none is too high', () => {
  const counts = fc.array(fc.nat(30), { maxLength: 12 });
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      for (const { count, shown } of [a, b].map((all) =>
        shareOfArea(all.map((n) => shareInSteps(n, 40))),
      )) {
        expect(shown % 5).toBe(0);
        expect(shown).toBeLessThanOrEqual(count);
      }
    }),
  );
});
