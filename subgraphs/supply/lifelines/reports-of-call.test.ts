import { randomUUID } from 'node:crypto';
import { HOUR_MS, MINUTE_MS } from '../../../shared/time/rules.js';
import fc from 'fast-check';
import type {
  Lifeline,
  LifelineKind,
  LifelineMovement,
  LifelineReport,
} from '../generated/prisma/client.js';
import { contradictionOf } from './rules/contradictions.js';
import { fallByMovement, SUDDEN_MS } from './rules/falls.js';
import { mostBefore, spansBefore } from './rules/levels-before.js';
import { rebased } from './rules/levels.js';
import { isOwnWord } from './rules/kinds.js';
import { MovedQuantities, type MovedQuantity } from './rules/moved-quantities.js';
import { withMovements } from './rules/movements.js';
import { byMains, isNewer, lifelineBy, withFailure } from './rules/reports.js';
import { applyReports } from './rules/reports-of-call.js';
import { Reversible } from './rules/reversals.js';
import { isSuddenRise } from './rules/rises.js';

// A call of many reports is compared with the plain way: every report by itself, with whole lists that are searched from one end to the other.

const NOW = new Date('2026-01-15T09:00:00.000Z');
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE_MS);
const DEMAND = { demand: null, reportedDemand: null, modelled: null };

const reportOf = fc.record({
  kind: fc.constantFrom<LifelineKind>('GENERATOR_FUEL', 'GENERATOR_FUEL', 'MAINS_POWER', 'WATER'),
  source: fc.constantFrom('gauge', 'dipstick', 'books'),
  method: fc.constantFrom('REPORTED', 'REPORTED', 'DEVICE', 'ESTIMATED', 'MODELLED'),
  minutes: fc.oneof(fc.integer({ min: -4, max: 25 }), fc.integer({ min: 26, max: 480 })),
  stock: fc.option(fc.nat(4_000)),
  load: fc.option(fc.nat(500)),
  supplied: fc.option(fc.boolean()),
  delivery: fc.option(fc.integer({ min: 1, max: 3_000 })),
});
const reportsOf = fc.array(reportOf, { maxLength: 25 }).map((all) =>
  all.map(({ minutes, delivery, ...one }): LifelineReport => {
    const isMains = one.kind === 'MAINS_POWER';
    const observedAt = minutesAgo(minutes);
    return {
      ...one,
      facilityId: 'facility',
      stock: isMains ? null : one.stock,
      supplied: isMains ? (one.supplied ?? true) : one.supplied,
      deliveryAt: delivery === null ? null : new Date(observedAt.getTime() + HOUR_MS),
      deliveryQuantity: delivery,
      observedAt,
      receivedAt: NOW,
      reportedBy: 'reporter',
    };
  }),
);
const movementsOf = fc
  .array(
    fc.record({
      kind: fc.constantFrom<LifelineKind>('GENERATOR_FUEL', 'WATER'),
      minutes: fc.integer({ min: 0, max: 480 }),
      quantity: fc.integer({ min: -2_000, max: 3_000 }),
    }),
    { maxLength: 25 },
  )
  .map((all) =>
    all
      .map(({ minutes, ...one }, n): LifelineMovement => {
        const [bookingId, stockId] = [`${n}`, 'stock'];
        return { ...one, bookingId, stockId, facilityId: 'facility', at: minutesAgo(minutes) };
      })
      .sort((a, b) => Number(a.at) - Number(b.at)),
  );

/** The movements of a lifeline, as lists that are searched. */
class SearchedMovements implements Pick<
  MovedQuantities,
  'forEachAfter' | 'sumAfter' | 'sumBetween'
> {
  readonly all: readonly MovedQuantity[];
  constructor(all: readonly MovedQuantity[]) {
    this.all = all;
  }
  forEachAfter(instant: Date, act: (moved: MovedQuantity) => void) {
    for (const one of this.all) if (one.at > instant) act(one);
  }
  sumAfter(instant: Date) {
    return sumOf(this.all.filter(({ at }) => at > instant));
  }
  sumBetween(after: Date, until: Date) {
    return sumOf(this.all.filter(({ at }) => at > after && at <= until));
  }
}
const sumOf = (all: readonly MovedQuantity[]) =>
  all.reduce((sum, { quantity }) => sum + quantity, 0);

/** The newest report of each source, as the database returns them. */
const freshOf = (reports: readonly LifelineReport[], kind: LifelineKind) => {
  const fresh = reports.filter(
    (one) => one.kind === kind && one.method !== 'MODELLED' && one.observedAt >= minutesAgo(360),
  );
  const oldestFirst = fresh.toSorted((a, b) => Number(a.observedAt) - Number(b.observedAt));
  return [...new Map(oldestFirst.map((one) => [one.source, one])).values()];
};

/** The levels of a lifeline by the own word of the facility. */
const levelsOf = (reports: readonly LifelineReport[], kind: LifelineKind) =>
  reports.flatMap((one) =>
    one.kind === kind && isOwnWord(one.method) && one.stock !== null
      ? { at: one.observedAt.getTime(), stock: one.stock }
      : [],
  );

function oneByOne(reports: readonly LifelineReport[], movements: readonly LifelineMovement[]) {
  const lifelines = new Map<LifelineKind, Lifeline>();
  for (const report of reports) {
    const { kind } = report;
    const all = new SearchedMovements(movements.filter((one) => one.kind === kind));
    const moved = all as unknown as MovedQuantities;
    const current = lifelines.get(kind);
    if (!current || isNewer(report, current)) {
      const end = report.observedAt.getTime();
      const recent = levelsOf(reports, kind).filter(({ at }) => at < end && at >= end - SUDDEN_MS);
      const mostReported = Math.max(0, ...recent.map(({ stock }) => stock));
      const mains = lifelines.get('MAINS_POWER');
      const known = { ...DEMAND, current, mains, movements: moved, mostReported };
      const lifeline = lifelineBy('id', report, known, NOW);
      lifelines.set(kind, lifeline);
      const fuel = lifelines.get('GENERATOR_FUEL');
      if (kind === 'MAINS_POWER' && fuel) {
        lifelines.set('GENERATOR_FUEL', withFailure(byMains(fuel, lifeline), NOW));
      }
    }
    const inForce = lifelines.get(kind)!;
    const contradictedUntil = contradictionOf(inForce, freshOf(reports, kind), moved, NOW);
    lifelines.set(kind, { ...inForce, contradictedUntil });
  }
  return lifelines;
}

function inOneCall(reports: readonly LifelineReport[], movements: readonly LifelineMovement[]) {
  const lifelines = new Map<LifelineKind, Lifeline>();
  const mostOf = (report: LifelineReport) => {
    const instants = levelsOf(reports, report.kind).map(({ at }) => at);
    const levels = spansBefore(instants, SUDDEN_MS).flatMap((span) => {
      const stocks = levelsOf(reports, report.kind)
        .filter(({ at }) => at >= span.from && at < span.until)
        .map(({ stock }) => stock);
      return stocks.length === 0 ? [] : { ...span, most: Math.max(...stocks) };
    });
    return mostBefore(instants, SUDDEN_MS, levels).get(report.observedAt.getTime());
  };
  const known = {
    mostBefore: mostOf,
    freshOf: (kind: LifelineKind) => freshOf(reports, kind),
    newId: randomUUID,
  };
  applyReports({ ...DEMAND, lifelines, movements }, reports, known, NOW);
  return lifelines;
}

const withoutId = (lifelines: ReadonlyMap<LifelineKind, Lifeline>) =>
  new Map([...lifelines].map(([kind, { id: _, ...lifeline }]) => [kind, lifeline]));

test('a call of many reports does what each of them does by itself', () => {
  fc.assert(
    fc.property(reportsOf, movementsOf, (reports, movements) => {
      const expected = withoutId(oneByOne(reports, movements));
      expect(withoutId(inOneCall(reports, movements))).toEqual(expected);
    }),
    { numRuns: 1_000 },
  );
});

test('movements together do what each does by itself', () => {
  fc.assert(
    fc.property(reportsOf, movementsOf, fc.nat(3_000), (reports, movements, unbookedRise) => {
      for (const lifeline of inOneCall(reports, []).values()) {
        const before = { ...lifeline, unbookedRise, risenAt: NOW };
        const expected = movements
          .filter(({ at }) => at > before.observedAt)
          .reduce(movedPlainly, before);
        expect(withMovements(before, new MovedQuantities(movements))).toEqual(expected);
      }
    }),
  );
});

/** The lifeline after one movement, which stays as it is otherwise. */
function movedPlainly(lifeline: Lifeline, { quantity, at }: MovedQuantity): Lifeline {
  const isSoon = Number(at) - Number(lifeline.observedAt) <= 2 * HOUR_MS;
  if (quantity > 0 && isSoon && lifeline.unbookedRise >= quantity / 2) {
    const unbookedRise = Math.max(0, lifeline.unbookedRise - quantity);
    const isRisen = isSuddenRise({ stock: lifeline.stock, unbookedRise });
    return { ...lifeline, unbookedRise, risenAt: isRisen ? lifeline.risenAt : null };
  }
  const then = rebased(lifeline, at);
  const level = then.level === null ? null : Math.max(0, then.level + quantity);
  const moved = { ...then, level, fellAt: fallByMovement(then, level, at) };
  const state = { ...moved, moved: then.moved + quantity };
  if (quantity <= 0 || then.deliveryQuantity === null || then.renewEveryHours !== null)
    return state;
  const rest = then.deliveryQuantity - quantity;
  return rest > 0
    ? { ...state, deliveryQuantity: rest }
    : { ...state, deliveryAt: null, deliveryQuantity: null };
}

test('corrections take back what a search of the whole history would', () => {
  const correction = fc.record({
    minutes: fc.nat(3_000),
    quantity: fc.integer({ min: -900, max: -1 }),
  });
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ minutes: fc.nat(4_000), quantity: fc.integer({ min: -300, max: 900 }) }),
      ),
      fc.array(correction, { maxLength: 20 }),
      fc.option(fc.nat(4_000)),
      (earlier, corrections, observed) => {
        const lifeline =
          observed === null ? undefined : ({ observedAt: minutesAgo(observed) } as Lifeline);
        const dated = (all: typeof earlier) =>
          all
            .map(({ minutes, quantity }) => ({ quantity, at: minutesAgo(minutes) }))
            .sort((a, b) => Number(a.at) - Number(b.at));
        const [searched, reversible] = [dated(earlier), new Reversible()];
        for (const moved of searched) reversible.add(moved);
        for (const one of dated(corrections)) {
          const since = Math.max(Number(one.at) - 24 * HOUR_MS, Number(lifeline?.observedAt ?? 0));
          const left = searched.filter(({ at }) => Number(at) > since);
          const last = left.findLast(({ quantity }) => quantity > 0);
          const most = sumOf(left);
          const expected =
            last && most > 0
              ? { quantity: Math.max(one.quantity, -most), at: new Date(Number(last.at) + 1) }
              : undefined;
          expect(reversible.reversalOf(one, lifeline)).toEqual(expected);
          if (!expected) continue;
          searched.push(expected);
          reversible.add(expected);
        }
      },
    ),
  );
});

describe('a call of a thousand reports of one lifeline', () => {
  const reports = Array.from({ length: 1_000 }, (_, n): LifelineReport => {
    const given = { facilityId: 'facility', kind: 'GENERATOR_FUEL', method: 'REPORTED' } as const;
    const stated = { stock: 1_000 + n, load: 10, supplied: null };
    const delivery = { deliveryAt: null, deliveryQuantity: null };
    const known = { source: `m${n}`, reportedBy: 'reporter', receivedAt: NOW };
    return { ...given, ...stated, ...delivery, ...known, observedAt: minutesAgo(60 - n / 60) };
  });

  test('looks at each movement a few times, and compares the sources once', () => {
    let [looked, compared] = [0, 0];
    const movements = Array.from({ length: 5_000 }, (_, n): LifelineMovement => {
      const at = minutesAgo(6_000 - n);
      const moved = { bookingId: `${n}`, stockId: 'stock', facilityId: 'facility', quantity: 1 };
      return Object.defineProperty({ ...moved, kind: 'GENERATOR_FUEL', at }, 'at', {
        get: () => (looked++, at),
      });
    });
    const freshOnce = () => (compared++, reports.slice(0, 60));
    const known = { mostBefore: () => undefined, freshOf: freshOnce, newId: randomUUID };
    const facility = { ...DEMAND, lifelines: new Map<LifelineKind, Lifeline>(), movements };
    applyReports(facility, reports, known, NOW);
    expect(compared).toBe(1);
    expect(looked).toBeLessThanOrEqual(2 * movements.length);
  });

  test('reads at most two numbers for each report, whatever levels lie before it', () => {
    const instants = reports.map(({ observedAt }) => observedAt.getTime());
    expect(spansBefore(instants, SUDDEN_MS).length).toBeLessThan(2 * instants.length);
  });
});
