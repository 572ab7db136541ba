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
/** For so long capacity lists a sudden fall for review. */
const REVIEW_HOURS = 24;
/** An hour that moved by less is the same to everybody who plans by it. */
const SAME_HOUR_MS = 60_000;
/** The hour of failure lies at most so far before its declaration; a longer failure is declared from then on. */
const LONGEST_PAST_HOURS = 7 * 24 - 1;

/** Beds of patients on machines, and of those who are watched because they may need one. */
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
const WARDS: readonly BedCategory[] = ['NORMAL_WARD', 'ISOLATION', 'PSYCHIATRY', 'REHABILITATION'];
const ALL: readonly BedCategory[] = [...INTENSIVE, ...WARDS];
/** Beds of patients who need transfusions every day. */
const TRANSFUSED: readonly BedCategory[] = ['ECMO', 'BURN'];

/** Causes that capacity knows and lifelines can be. */
export type LifelineCause =
  'POWER' | 'OXYGEN' | 'COMPRESSED_AIR' | 'WATER' | 'HEAT' | 'FOOD' | 'BLOOD';

/**
 * The lifelines that are a cause, and the beds that each takes from its hour of failure on (our policy, with its reasons in
 * docs/decisions/0034). IT and RADIO take none: those who are there are treated on paper, and the facility closes (Abmeldung) what it
 * cannot do.
 */
export const CAUSES: Readonly<
  Record<LifelineCause, { kinds: readonly LifelineKind[]; categories: readonly BedCategory[] }>
> = {
  POWER: { kinds: ['GENERATOR_FUEL'], categories: ALL },
  OXYGEN: { kinds: ['LIQUID_OXYGEN', 'BOTTLED_OXYGEN'], categories: INTENSIVE },
  COMPRESSED_AIR: { kinds: ['COMPRESSED_AIR'], categories: INTENSIVE },
  WATER: { kinds: ['WATER'], categories: ALL },
  HEAT: { kinds: ['HEAT'], categories: ALL },
  FOOD: { kinds: ['FOOD'], categories: WARDS },
  BLOOD: { kinds: ['BLOOD'], categories: TRANSFUSED },
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
  /** When one of its lifelines last fell suddenly; null where none did. */
  fellAt: Date | null;
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
  const falls = own.flatMap(({ fellAt }) => fellAt ?? []);
  return {
    from: new Date(Number(last.failsAt) + hours * HOUR_MS),
    lifeline: last,
    fellAt: falls.toSorted((a, b) => Number(b) - Number(a))[0] ?? null,
  };
}

/** A declaration to capacity: from when on a cause takes beds; null when it takes none any more. */
export interface DueDeclaration {
  from: Date | null;
  observedAt: Date;
  until: Date;
  /** The last sudden fall that was declared. */
  fellAt: Date | null;
}

/**
 * Returns what has to be declared beside what was declared last; undefined when nothing has: the same hour is declared again only when
 * its declaration would run out, or after a sudden fall. Each is observed later than the one before, so that the last one counts
 * whichever arrives first.
 */
export function dueDeclaration(
  failure: CauseOfFailure | undefined,
  declared: Omit<BedLimit, 'facilityId' | 'cause'> | undefined,
  now: Date,
): DueDeclaration | undefined {
  const from = hourToDeclare(failure, now);
  const before = declared?.from ?? null;
  if (from === null && before === null) return undefined;
  const fellAt = failure?.fellAt ?? declared?.fellAt ?? null;
  const isKnown = from !== null && before !== null && isSameHour(from, before);
  if (isKnown && !isRunningOut(declared!, now) && !isNewFall(fellAt, declared, now))
    return undefined;
  const observedAt = new Date(Math.max(now.getTime(), Number(declared?.observedAt ?? 0) + 1));
  const until = new Date(observedAt.getTime() + VALID_HOURS * HOUR_MS);
  return { from, observedAt, until, fellAt };
}

/** Whether a sudden fall is another one than was declared last, and not long past. */
export function isNewFall(
  fellAt: Date | null,
  declared: Pick<BedLimit, 'fellAt'> | undefined,
  now: Date,
): boolean {
  return hasJustFallen(fellAt, now) && Number(fellAt) !== Number(declared?.fellAt);
}

/** The instant before which declarations are renewed. */
export function renewBefore(now: Date): Date {
  return new Date(now.getTime() + RENEW_HOURS * HOUR_MS);
}

function hourToDeclare(failure: CauseOfFailure | undefined, now: Date): Date | null {
  if (!failure) return null;
  const isFar = Number(failure.from) > now.getTime() + HORIZON_HOURS * HOUR_MS;
  if (isFar && !hasJustFallen(failure.fellAt, now)) return null;
  const earliest = now.getTime() - LONGEST_PAST_HOURS * HOUR_MS;
  return new Date(Math.max(Number(failure.from), earliest));
}

/** Whether a fall is so recent that it is declared however far ahead the hour is, so that a person looks at it. */
function hasJustFallen(fellAt: Date | null, now: Date): boolean {
  return fellAt !== null && now.getTime() - fellAt.getTime() < REVIEW_HOURS * HOUR_MS;
}

function isSameHour(a: Date, b: Date): boolean {
  return Math.abs(a.getTime() - b.getTime()) < SAME_HOUR_MS;
}

function isRunningOut({ until }: Pick<BedLimit, 'until'>, now: Date): boolean {
  return until <= renewBefore(now);
}
