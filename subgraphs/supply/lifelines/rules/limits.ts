import { HOUR_MS } from '../../../../shared/time/rules.js';
import { hasJustFallen, type LimitedBeds } from '../../bed-limits/rules.js';
import type { BedCategory } from '../../generated/graphql.js';
import type { Lifeline, LifelineKind } from '../../generated/prisma/client.js';
import { isOwnWord, isOxygen } from './kinds.js';
import { failureOf, levelAt } from './levels.js';
import { credibleAt } from './reports.js';

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

/** Whether beds depend on a lifeline, and its level is the facility's own word. */
export function isOwnLevel({ kind, method }: Pick<Lifeline, 'kind' | 'method'>): boolean {
  return LIMITING.has(kind) && isOwnWord(method);
}

/** Whether the load of a lifeline on which beds depend is a modelled or estimated one, or a part of it is, while something is left. */
export function hasAssumedLoad({
  kind,
  loadMethod,
  stock,
  level,
}: Pick<Lifeline, 'kind' | 'loadMethod' | 'stock' | 'level'>): boolean {
  if (!LIMITING.has(kind) || loadMethod === null || isOwnWord(loadMethod)) return false;
  return level !== null && !(stock === 0 && level === 0);
}

/**
 * Returns a lifeline as it limits beds; undefined where it limits none. Level and load are the facility's own word, or follow from beds that it
 * reported: what is modelled limits nothing, and an empty one has failed whatever is drawn. Of oxygen the part of the demand in reported beds
 * counts, where others are modelled: it is drawn from the level alone, so that its hour is later than the one that is shown, and never
 * sooner than what the facility has said.
 *
 * @param reportedDemand Oxygen that the patients in reported beds need, in cubic metres per hour; null where none are.
 */
export function countedOf(
  lifeline: Lifeline,
  reportedDemand: number | null,
  now: Date,
): Lifeline | undefined {
  if (!isOwnLevel(lifeline)) return undefined;
  if (!hasAssumedLoad(lifeline)) return lifeline;
  const { kind, statedLoad, stock, moved, level, levelAt: since, observedAt } = lifeline;
  if (!isOxygen(kind) || statedLoad !== null || stock === null || !reportedDemand) return undefined;
  const hours = Math.max(0, since.getTime() - observedAt.getTime()) / HOUR_MS;
  const left = Math.max(level ?? 0, stock + moved - reportedDemand * hours);
  const counted = { ...lifeline, load: reportedDemand, level: left };
  return { ...counted, failsAt: failureOf(counted, now) ?? null };
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

/**
 * Returns from when on a cause takes beds: when the last of its lifelines fails. One that stands by, such as cylinders behind the
 * tank, is used up afterwards at the same load. Undefined where none fails, or the word of the facility is missing.
 */
export function failureOfCause(
  cause: LifelineCause,
  lifelines: ReadonlyMap<LifelineKind, Lifeline>,
  reportedDemand: number | null,
  now: Date,
): CauseOfFailure | undefined {
  const own = ownOf(cause, lifelines);
  const counted = own.flatMap((one) => countedOf(one, reportedDemand, now) ?? []);
  return lastFailure(own, counted, now);
}

/**
 * Returns the failure of a cause by the levels that the facility reported and loads that are assumed: it limits nothing, and is declared so that a
 * person sees what to report. Undefined where no load is assumed.
 */
export function assumedFailureOfCause(
  cause: LifelineCause,
  lifelines: ReadonlyMap<LifelineKind, Lifeline>,
  now: Date,
): CauseOfFailure | undefined {
  const own = ownOf(cause, lifelines);
  return own.some(hasAssumedLoad) ? lastFailure(own, own, now) : undefined;
}

/** Returns the lifelines of a cause of which the facility itself has the last word. */
export function ownOf(
  cause: LifelineCause,
  lifelines: ReadonlyMap<LifelineKind, Lifeline>,
): Lifeline[] {
  return CAUSES[cause].kinds.flatMap((kind) => {
    const lifeline = lifelines.get(kind);
    return lifeline && isOwnWord(lifeline.method) ? lifeline : [];
  });
}

function lastFailure(
  own: readonly Lifeline[],
  counted: readonly Lifeline[],
  now: Date,
): CauseOfFailure | undefined {
  const failing = counted.filter(({ failsAt }) => failsAt !== null);
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
 * ahead it is after a sudden fall, and where a person is concerned with it otherwise.
 */
export function limitedBeds(
  cause: LifelineCause,
  failure: CauseOfFailure | undefined,
  now: Date,
  { isOfConcern = false } = {},
): LimitedBeds[] {
  if (!failure) return [];
  const { from, fellAt } = failure;
  const isFar = Number(from) > now.getTime() + HORIZON_HOURS * HOUR_MS;
  if (isFar && !hasJustFallen(fellAt, now) && !isOfConcern) return [];
  return CAUSES[cause].categories.map((category) => ({ category, beds: 0, from }));
}
