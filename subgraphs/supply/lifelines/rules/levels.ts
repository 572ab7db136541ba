import { HOUR_MS, MINUTE_MS } from '../../../../shared/time/rules.js';
import type { LifelineStatus } from '../../generated/graphql.js';
import type { Lifeline } from '../../generated/prisma/client.js';
import { isOwnWord } from './kinds.js';

/** Hours before the failure at which those who watch are notified, and the failure itself. */
export const THRESHOLD_HOURS = [24, 12, 6, 2, 0] as const;
/** A delivery that is this late without a new report is not counted any more: nobody may rely on fuel that nobody has seen. */
export const DELIVERY_GRACE_MINUTES = 60;
/** A stock that lasts longer counts as lasting so long; an instant far ahead says no more and cannot be stored. */
const MOST_HOURS = 87_600;

const LOW_HOURS = 24;
const CRITICAL_HOURS = 6;

/** The facts that decide when a lifeline fails. */
export type LifelineFacts = Pick<
  Lifeline,
  | 'kind'
  | 'level'
  | 'levelAt'
  | 'load'
  | 'supplied'
  | 'stock'
  | 'deliveryAt'
  | 'deliveryQuantity'
  | 'renewEveryHours'
>;

/** How and when the level was found. */
type Observation = Pick<Lifeline, 'method' | 'observedAt'>;

/** The consequences: stored beside it, so that lists are ordered and the clock finds what is due. */
export type Failure = Pick<Lifeline, 'failsAt' | 'passedHours' | 'nextCheckAt' | 'listedAt'>;

/** Returns what is there at an instant: never below 0, and as it was while nothing is drawn or the load is not known. */
export function levelAt(lifeline: LifelineFacts, instant: Date): number | null {
  const { level, supplied, load } = lifeline;
  if (level === null) return null;
  if (supplied || load === null) return level;
  const hours = Math.max(0, instant.getTime() - lifeline.levelAt.getTime()) / HOUR_MS;
  return Math.max(0, level - load * hours);
}

/** Returns the level as it is shown: of a model no more digits than it knows. */
export function shownLevel(
  lifeline: LifelineFacts & Pick<Lifeline, 'method'>,
  instant: Date,
): number | null {
  const level = levelAt(lifeline, instant);
  if (level === null || lifeline.method !== 'MODELLED') return level;
  const step = level >= 100 ? 1 : 10;
  return Math.round(level * step) / step;
}

/** Returns the same lifeline with its level as of a later instant, from which on something else may be drawn. */
export function rebased<Facts extends LifelineFacts>(lifeline: Facts, instant: Date): Facts {
  if (instant <= lifeline.levelAt) return lifeline;
  return { ...lifeline, level: levelAt(lifeline, instant), levelAt: instant };
}

/**
 * Returns when the lifeline fails (what is there over what is drawn, not the size of the tank); undefined while it is supplied from
 * outside, and where level or load are not known. An empty one has failed whatever is drawn. A delivery that arrives before moves the hour; one that comes too late does not.
 */
export function failureOf(lifeline: LifelineFacts, now: Date): Date | undefined {
  const { kind, level, load, supplied, deliveryAt } = lifeline;
  if (kind === 'MAINS_POWER' || supplied || level === null) return undefined;
  if (level === 0 && !load) return lifeline.levelAt;
  if (load === null || load === 0) return undefined;
  const emptyAt = after(lifeline.levelAt, level / load);
  if (deliveryAt === null || deliveryAt > emptyAt || isOverdue(lifeline, now)) return emptyAt;
  const filled = filledBy(lifeline, levelAt(lifeline, deliveryAt)!);
  return after(deliveryAt, filled / load);
}

/** How many hours the stock lasts at this load, without supply and delivery; undefined where one is not known or nothing is drawn. */
export function enduranceOf(lifeline: LifelineFacts, now: Date): number | undefined {
  const level = levelAt(lifeline, now);
  if (level === null || lifeline.load === null || lifeline.load === 0) return undefined;
  return Math.min(MOST_HOURS, level / lifeline.load);
}

/** Hours from now until an instant, never below 0. */
export function hoursUntil(failsAt: Date, now: Date): number {
  return Math.max(0, failsAt.getTime() - now.getTime()) / HOUR_MS;
}

/** Returns the lowest threshold that has been passed; null while it is above all of them. */
export function passedBy(failsAt: Date | undefined, now: Date): number | null {
  if (failsAt === undefined) return null;
  const hours = hoursUntil(failsAt, now);
  return THRESHOLD_HOURS.findLast((threshold) => hours <= threshold) ?? null;
}

/** Returns the thresholds that were passed on the way down from one to the other, the highest first. */
export function newlyPassed(before: number | null, now: number | null): number[] {
  if (now === null) return [];
  return THRESHOLD_HOURS.filter(
    (threshold) => threshold >= now && (before === null || threshold < before),
  );
}

/** Returns when it fails, and when the clock has to look at it again. */
export function failureFrom(lifeline: LifelineFacts & Observation, now: Date): Failure {
  const failsAt = failureOf(lifeline, now);
  const passedHours = passedBy(failsAt, now);
  const next = THRESHOLD_HOURS.find((threshold) => passedHours === null || threshold < passedHours);
  const checks = [
    failsAt && next !== undefined ? after(failsAt, -next) : undefined,
    checkOfDelivery(lifeline, now),
  ].filter((check) => check !== undefined);
  const first = checks.length > 0 ? Math.min(...checks.map(Number)) : undefined;
  return {
    failsAt: failsAt ?? null,
    listedAt: failsAt ?? worstCaseOf(lifeline, now),
    passedHours,
    nextCheckAt: first === undefined ? null : new Date(first),
  };
}

/**
 * Returns a modelled stock as its rhythm has renewed it by now: each delivery fills it up to its first level. All others stay as they
 * are until somebody reports that the delivery has come.
 */
export function renewed<Facts extends LifelineFacts>(lifeline: Facts, now: Date): Facts {
  const { deliveryAt, renewEveryHours, stock } = lifeline;
  if (renewEveryHours === null || deliveryAt === null || deliveryAt > now) return lifeline;
  const period = renewEveryHours * HOUR_MS;
  const missed = Math.floor((now.getTime() - deliveryAt.getTime()) / period);
  const last = new Date(deliveryAt.getTime() + missed * period);
  return {
    ...lifeline,
    level: stock,
    levelAt: last,
    deliveryAt: new Date(last.getTime() + period),
  };
}

/** Returns the meaning of the level for a duty officer. */
export function statusOf(
  lifeline: Pick<LifelineFacts, 'kind' | 'supplied' | 'level' | 'load'>,
  failsAt: Date | null,
  now: Date,
): LifelineStatus {
  if (lifeline.supplied) return 'SUPPLIED';
  if (lifeline.kind === 'MAINS_POWER') return 'FAILED';
  // By its own numbers a stock of which nothing is drawn lasts for ever.
  if (failsAt === null)
    return lifeline.level !== null && lifeline.load === 0 ? 'SUFFICIENT' : 'UNKNOWN';
  const hours = hoursUntil(failsAt, now);
  if (hours === 0) return 'FAILED';
  if (hours <= CRITICAL_HOURS) return 'CRITICAL';
  return hours <= LOW_HOURS ? 'LOW' : 'SUFFICIENT';
}

/**
 * Returns where a lifeline without an hour of failure stands among those that have one: a grid that is off, and what the facility itself
 * says is drawn on and nobody knows for how long, stand as if they had failed when they were observed; null for all others, which last.
 */
function worstCaseOf(lifeline: LifelineFacts & Observation, now: Date): Date | null {
  const status = statusOf(lifeline, null, now);
  if (status === 'FAILED') return lifeline.observedAt;
  return status === 'UNKNOWN' && isOwnWord(lifeline.method) ? lifeline.observedAt : null;
}

function filledBy(
  { stock, deliveryQuantity, renewEveryHours }: LifelineFacts,
  rest: number,
): number {
  return renewEveryHours === null ? rest + (deliveryQuantity ?? 0) : (stock ?? 0);
}

/** Whether a delivery is so late that it is not counted. One that was reported at a later time is a new one. */
export function isOverdue({ deliveryAt, renewEveryHours }: LifelineFacts, now: Date): boolean {
  if (deliveryAt === null || renewEveryHours !== null) return false;
  return deliveryAt.getTime() + DELIVERY_GRACE_MINUTES * MINUTE_MS <= now.getTime();
}

function checkOfDelivery(lifeline: LifelineFacts, now: Date): Date | undefined {
  const { deliveryAt, renewEveryHours } = lifeline;
  if (deliveryAt === null || isOverdue(lifeline, now)) return undefined;
  return renewEveryHours === null ? after(deliveryAt, DELIVERY_GRACE_MINUTES / 60) : deliveryAt;
}

function after(instant: Date, hours: number): Date {
  return new Date(instant.getTime() + Math.min(hours, MOST_HOURS) * HOUR_MS);
}
