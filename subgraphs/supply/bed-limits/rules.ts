import { HOUR_MS, MINUTE_MS } from '../../../shared/time/rules.js';
import type { BedCategory } from '../generated/graphql.js';
import type { BedLimit } from '../generated/prisma/client.js';

/**
 * A declaration of capacity ends at most 24 hours after it was observed, and 24 hours after anybody confirmed what it follows from; it is
 * renewed while half of that is left.
 */
const VALID_HOURS = 24;
const RENEW_HOURS = 12;
/** A declaration by a level that nobody has confirmed for a day lasts so long: it stands for review then, and keeps its effect. */
const LEAST_MINUTES = 1;
/** An hour that moved by less is the same to everybody who plans by it. */
const SAME_HOUR_MS = MINUTE_MS;
/** Capacity accepts an hour at most 7 days before the declaration; what lasts longer is declared from then on. */
const LONGEST_PAST_HOURS = 7 * 24 - 1;
/** For so long capacity lists a sudden fall for review. */
const REVIEW_HOURS = 24;

/** How many beds of a category can be kept in use, and from when on. */
export interface LimitedBeds {
  category: BedCategory;
  beds: number;
  from: Date;
}

/** The beds of a declaration; null where nothing limits them any more. */
export interface DeclaredBeds extends Omit<LimitedBeds, 'beds'> {
  beds: number | null;
}

/** A declaration that capacity is due. */
export interface DueDeclaration {
  beds: DeclaredBeds[];
  observedAt: Date;
  until: Date;
  /** The last sudden fall that was declared. */
  fellAt: Date | null;
}

/** The last declaration under one cause. */
export type LastDeclaration = Pick<
  BedLimit,
  'beds' | 'observedAt' | 'until' | 'fellAt' | 'concerns'
>;

/**
 * Returns what has to be declared beside what was declared last; undefined when nothing has: the same beds are declared again only when
 * their declaration would run out, or after a sudden fall. Each is observed later than the one before, so that the last one counts
 * whichever arrives first.
 *
 * @param fall When what limits the beds last fell suddenly; null where it did not.
 * @param concerns What a person must look at: the same beds are declared again when it changes.
 * @param confirmedAt When somebody last observed what they follow from: the same beds are not declared again for longer than a day from then on.
 */
export function dueDeclaration(
  limited: readonly LimitedBeds[],
  {
    fall,
    concerns,
    confirmedAt,
  }: { fall: Date | null; concerns: readonly string[]; confirmedAt: Date },
  declared: LastDeclaration | undefined,
  now: Date,
): DueDeclaration | undefined {
  const before = declared ? limitedBefore(declared) : [];
  if (limited.length === 0 && before.length === 0) return undefined;
  const fellAt = fall ?? declared?.fellAt ?? null;
  const isRenewable = declared && isRunningOut(declared, now) && canRenew(declared, confirmedAt);
  const isOfSame = concerns.toSorted().join() === declared?.concerns.toSorted().join();
  const isKnown = declared && isOfSame && isSame(limited, before) && !isRenewable;
  if (isKnown && !isNewFall(fellAt, declared, now)) return undefined;
  const observedAt = new Date(Math.max(now.getTime(), Number(declared?.observedAt ?? 0) + 1));
  const earliest = observedAt.getTime() - LONGEST_PAST_HOURS * HOUR_MS;
  const limits = new Set(limited.map(({ category }) => category));
  return {
    beds: [
      ...limited.map((one) => ({ ...one, from: new Date(Math.max(earliest, Number(one.from))) })),
      ...before
        .filter(({ category }) => !limits.has(category))
        .map(({ category }) => ({ category, beds: null, from: observedAt })),
    ],
    observedAt,
    until: endOf(observedAt, confirmedAt),
    fellAt,
  };
}

/** Whether a sudden fall is another one than was declared last, and not long past. */
export function isNewFall(
  fellAt: Date | null,
  declared: Pick<BedLimit, 'fellAt'> | undefined,
  now: Date,
): boolean {
  return hasJustFallen(fellAt, now) && Number(fellAt) !== Number(declared?.fellAt);
}

/** Whether a fall is so recent that it is declared however far ahead the hour is, so that a person looks at it. */
export function hasJustFallen(fellAt: Date | null, now: Date): boolean {
  return fellAt !== null && now.getTime() - fellAt.getTime() < REVIEW_HOURS * HOUR_MS;
}

/** Returns when a declaration is renewed, if what it follows from was confirmed until then. */
export function renewalOf(until: Date): Date {
  return new Date(until.getTime() - RENEW_HOURS * HOUR_MS);
}

/** Limited beds as they are stored, in JSON. */
type StoredBeds = Omit<LimitedBeds, 'from'> & { from: string };

function limitedBefore({ beds }: LastDeclaration): LimitedBeds[] {
  return (beds as unknown as StoredBeds[]).map((one) => ({ ...one, from: new Date(one.from) }));
}

function isSame(a: readonly LimitedBeds[], b: readonly LimitedBeds[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ category, beds, from }) => {
      const other = b.find((one) => one.category === category);
      return other?.beds === beds && Math.abs(Number(other.from) - Number(from)) < SAME_HOUR_MS;
    })
  );
}

/** Returns when a declaration ends. */
function endOf(observedAt: Date, confirmedAt: Date): Date {
  const confirmed = confirmedAt.getTime() + VALID_HOURS * HOUR_MS;
  const earliest = observedAt.getTime() + LEAST_MINUTES * MINUTE_MS;
  const latest = observedAt.getTime() + VALID_HOURS * HOUR_MS;
  return new Date(Math.min(latest, Math.max(earliest, confirmed)));
}

/** Whether what a declaration follows from was confirmed since, so that it can last longer. */
function canRenew({ until }: LastDeclaration, confirmedAt: Date): boolean {
  return confirmedAt.getTime() + VALID_HOURS * HOUR_MS > until.getTime();
}

function isRunningOut({ until }: LastDeclaration, now: Date): boolean {
  return renewalOf(until) <= now;
}
