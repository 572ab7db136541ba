import type { BedCategory } from '../../generated/graphql.js';
import type { BedLimit, Lifeline, LifelineKind } from '../../generated/prisma/client.js';
import { isOwnWord } from './kinds.js';
import { levelAt } from './levels.js';

const HOUR_MS = 3_600_000;
/** A failure further ahead is no limit yet; the clock looks again when it comes nearer (the highest threshold). */
const HORIZON_HOURS = 24;
/** A declaration of capacity ends at most 24 hours after it was observed; it is renewed while half of that is left. */
const VALID_HOURS = 24;
const RENEW_HOURS = 12;
/** An hour that moved by less is the same to everybody who plans by it. */
const SAME_HOUR_MS = 60_000;
/** The hour of failure lies at most so far before its declaration; a longer failure is declared from then on. */
const LONGEST_PAST_HOURS = 7 * 24 - 1;

/** Beds whose patients depend on machines: these cannot be kept in use without power, oxygen or compressed air. */
const INTENSIVE: readonly BedCategory[] = [
  'ICU_UNSPECIFIED',
  'ICU_LOW_CARE',
  'ICU_HIGH_CARE',
  'ECMO',
  'INTERMEDIATE_CARE',
  'PAEDIATRIC_ICU',
  'NEONATAL_ICU',
  'BURN',
];
const ALL: readonly BedCategory[] = [
  ...INTENSIVE,
  'NORMAL_WARD',
  'ISOLATION',
  'PSYCHIATRY',
  'REHABILITATION',
];

/** Causes that capacity knows and lifelines can be. */
export type LifelineCause = 'POWER' | 'OXYGEN' | 'COMPRESSED_AIR' | 'WATER' | 'HEAT' | 'FOOD';

/**
 * The lifelines that are a cause, and the beds that each takes (our policy): without power, oxygen or compressed air those of patients on
 * machines, without water, heat or food all. Blood, IT and radio take none: work goes on slower and on paper, and the facility closes
 * departments itself.
 */
export const CAUSES: Readonly<
  Record<LifelineCause, { kinds: readonly LifelineKind[]; categories: readonly BedCategory[] }>
> = {
  POWER: { kinds: ['GENERATOR_FUEL'], categories: INTENSIVE },
  OXYGEN: { kinds: ['LIQUID_OXYGEN', 'BOTTLED_OXYGEN'], categories: INTENSIVE },
  COMPRESSED_AIR: { kinds: ['COMPRESSED_AIR'], categories: INTENSIVE },
  WATER: { kinds: ['WATER'], categories: ALL },
  HEAT: { kinds: ['HEAT'], categories: ALL },
  FOOD: { kinds: ['FOOD'], categories: ALL },
};
export const CAUSE_NAMES = Object.keys(CAUSES) as LifelineCause[];

const LIMITING = new Set(Object.values(CAUSES).flatMap(({ kinds }) => kinds));

/** Whether beds depend on a lifeline, and its level is the facility's own word. */
export function limitsBeds({ kind, method }: Pick<Lifeline, 'kind' | 'method'>): boolean {
  return LIMITING.has(kind) && isOwnWord(method);
}

/** From when on a cause takes beds, and the lifeline that says so. */
export interface CauseOfFailure {
  from: Date;
  lifeline: Lifeline;
}

/**
 * Returns from when on a cause takes beds: when the last of its lifelines fails. One that stands by, such as cylinders behind the
 * tank, is used up afterwards at the same load. Undefined where none fails, or the word of the facility is missing.
 */
export function failureOfCause(
  cause: LifelineCause,
  lifelines: ReadonlyMap<LifelineKind, Lifeline>,
  now: Date,
): CauseOfFailure | undefined {
  const own = CAUSES[cause].kinds.flatMap((kind) => {
    const lifeline = lifelines.get(kind);
    return lifeline && isOwnWord(lifeline.method) ? lifeline : [];
  });
  const failing = own.filter(({ failsAt }) => failsAt !== null);
  const last = failing.toSorted((a, b) => Number(b.failsAt) - Number(a.failsAt))[0];
  if (!last) return undefined;
  const standingBy = own.filter(({ supplied, level }) => supplied && level !== null && level > 0);
  const reserve = standingBy.reduce((sum, one) => sum + (levelAt(one, now) ?? 0), 0);
  const hours = last.load === null || last.load === 0 ? 0 : reserve / last.load;
  return { from: new Date(Number(last.failsAt) + hours * HOUR_MS), lifeline: last };
}

/** A declaration to capacity: from when on a cause takes beds; null when it takes none any more. */
export interface DueDeclaration {
  from: Date | null;
  observedAt: Date;
  until: Date;
}

/**
 * Returns what has to be declared beside what was declared last; undefined when nothing has: the same hour is declared again only when
 * its declaration would run out. Each is observed later than the one before, so that the last one counts whichever arrives first.
 */
export function dueDeclaration(
  failure: CauseOfFailure | undefined,
  declared: Pick<BedLimit, 'from' | 'observedAt' | 'until'> | undefined,
  now: Date,
): DueDeclaration | undefined {
  const from = hourToDeclare(failure, now);
  const before = declared?.from ?? null;
  if (from === null && before === null) return undefined;
  if (from !== null && before !== null && isSameHour(from, before) && !isRunningOut(declared!, now))
    return undefined;
  const observedAt = new Date(Math.max(now.getTime(), Number(declared?.observedAt ?? 0) + 1));
  return { from, observedAt, until: new Date(observedAt.getTime() + VALID_HOURS * HOUR_MS) };
}

/** The instant before which declarations are renewed. */
export function renewBefore(now: Date): Date {
  return new Date(now.getTime() + RENEW_HOURS * HOUR_MS);
}

function hourToDeclare(failure: CauseOfFailure | undefined, now: Date): Date | null {
  if (!failure || Number(failure.from) > now.getTime() + HORIZON_HOURS * HOUR_MS) return null;
  const earliest = now.getTime() - LONGEST_PAST_HOURS * HOUR_MS;
  return new Date(Math.max(Number(failure.from), earliest));
}

function isSameHour(a: Date, b: Date): boolean {
  return Math.abs(a.getTime() - b.getTime()) < SAME_HOUR_MS;
}

function isRunningOut({ until }: Pick<BedLimit, 'until'>, now: Date): boolean {
  return until <= renewBefore(now);
}
