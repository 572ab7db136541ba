import { oxygenDemand, oxygenLoad } from './rules/oxygen.js';

describe('the demand of oxygen', () => {
  test('twice the ventilated patients need twice as much', () => {
    const demand = (occupied: number) => oxygenDemand([{ category: 'ICU_HIGH_CARE', occupied }]);
    expect([demand(10), demand(20)]).toEqual([18, 36]);
    expect(oxygenDemand([])).toBeUndefined();
  });

  test.each([
    [null, null, 18, 18],
    [null, null, null, null],
    [30, 18, 36, 60],
    [30, null, 36, 30],
    [30, 18, null, 30],
    [30, 0, 36, 36],
  ])('a load of %s at a demand of %s is with a demand of %s: %s', (stated, then, now, load) => {
    expect(oxygenLoad(stated, then, now)).toBe(load);
  });
});
