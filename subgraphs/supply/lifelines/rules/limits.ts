import { hasJustFallen, type LimitedBeds } from '../../bed-limits/rules.js';
import type { BedCategory } from '../../generated/graphql.js';
import type { Lifeline, LifelineKind } from '../../generated/prisma/client.js';
import { isOwnWord } from './kinds.js';
import { levelAt } from './levels.js';
import { credibleAt } from './reports.js';

const HOUR_MS = 3_600_000;
/** A failure further ahead is no limit yet; the clock looks again when it comes nearer (the highest threshold). */
const HORIZON_HOURS = 24;

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

/**
 * Whether beds depend on a lifeline, and level and load are the facility's own word or follow from beds that it reported. With a modelled or
 * estimated load the hour is shown and limits nothing; an empty one has failed whatever is drawn.
 */
export function limitsBeds(
  lifeline: Pick<Lifeline, 'kind' | 'method' | 'loadMethod' | 'stock' | 'level'>,
): boolean {
  const { kind, method, loadMethod, stock, level } = lifeline;
  if (!LIMITING.has(kind) || !isOwnWord(method)) return false;
  return loadMethod === null || isOwnWord(loadMethod) || (stock === 0 && level === 0);
}

/** From when on a cause takes beds, and the lifeline that says so. */
export interface CauseOfFailure {
  from: Date;
  lifeline: Lifeline;
  /** When that was last observed. */
  confirmedAt: Date;
  /** When one of its lifelines last fell suddenly; null where none did. */
  fellAt: Date | null;
}

/** Whether the facility itself has the last word of a lifeline of a cause: without it what was declared stays until a person looks. */
export function isOwnWordOf(
  cause: LifelineCause,
  lifelines: ReadonlyMap<LifelineKind, Lifeline>,
): boolean {
  return CAUSES[cause].kinds.some((kind) => {
    const lifeline = lifelines.get(kind);
    return lifeline !== undefined && isOwnWord(lifeline.method);
  });
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
  const failing = own.filter((one) => one.failsAt !== null && limitsBeds(one));
  const last = failing.toSorted((a, b) => Number(b.failsAt) - Number(a.failsAt))[0];
  if (!last) return undefined;
  const standingBy = own.filter(({ supplied, level }) => supplied && level !== null && level > 0);
  const reserve = standingBy.reduce((sum, one) => sum + (levelAt(one, now) ?? 0), 0);
  const hours = last.load === null || last.load === 0 ? 0 : reserve / last.load;
  const falls = own.flatMap(({ fellAt }) => fellAt ?? []);
  return {
    from: new Date(Number(last.failsAt) + hours * HOUR_MS),
    lifeline: last,
    confirmedAt: new Date(credibleAt(last)),
    fellAt: falls.toSorted((a, b) => Number(b) - Number(a))[0] ?? null,
  };
}

/**
 * Returns the beds that a cause limits from the hour of failure on: all of its categories, once that hour is within a day, or however far
 * ahead it is after a sudden fall, so that a person looks at it.
 */
export function limitedBeds(
  cause: LifelineCause,
  failure: CauseOfFailure | undefined,
  now: Date,
): LimitedBeds[] {
  if (!failure) return [];
  const { from, fellAt } = failure;
  const isFar = Number(from) > now.getTime() + HORIZON_HOURS * HOUR_MS;
  if (isFar && !hasJustFallen(fellAt, now)) return [];
  return CAUSES[cause].categories.map((category) => ({ category, beds: 0, from }));
}
