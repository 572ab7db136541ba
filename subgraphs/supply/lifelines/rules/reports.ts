import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../shared/time/rules.js';
import {
  implausible,
  invalid,
  outOfRange,
  textFault,
  type WithTypename,
} from '../../../../shared/validation/rules.js';
import type {
  ConflictingLifelineReport,
  ImplausibleLevel,
  InvalidLifelineReport,
  LifelineKind,
  LifelineTimeOutOfRange,
  LifelineUnit,
  MethodNotAllowed,
  ReportLifelineInput,
  TooManySources,
  UnknownFacility,
  WrongLifelineUnit,
} from '../../generated/graphql.js';
import type { Lifeline, LifelineReport } from '../../generated/prisma/client.js';
import { believedMost, fallOf } from './falls.js';
import { isOwnWord, MOST_LOAD, MOST_STOCK, rankOf, UNIT_OF } from './kinds.js';
import { failureFrom, rebased, renewed } from './levels.js';
import { isOxygen } from './kinds.js';
import type { MovedQuantities } from './moved-quantities.js';
import { unbookedRise, withMovements } from './movements.js';
import { type KnownDemand, loadBy, loadByDemand } from './loads.js';
import { easeOf, riseOf } from './rises.js';

/** The most that is believed of a delivery that is announced; of a level and of a load the most of its kind. */
const MOST_DELIVERED = 10_000_000;
/** Quantities have three digits after the point. */
const LEAST_DELIVERED = 0.001;
const LONGEST_SOURCE = 200;
/** Clocks of reporting systems differ; this far ahead of ours is still believed. */
const MINUTES_AHEAD = 5;
/** An older observation says nothing about today; late corrections within a week are kept for the history. */
const DAYS_BACK = 7;
/** A delivery further ahead is a plan, not an arrival. */
const DELIVERY_DAYS_AHEAD = 30;
/** An own word of the facility that nobody confirmed for so long loses to a newer import. */
const RANK_HOURS = 24;

/** The parts of a report that are kept. */
export type AcceptedLifelineReport = Omit<LifelineReport, 'receivedAt' | 'reportedBy'>;

export type LifelineRefusal = WithTypename<
  | UnknownFacility
  | ImplausibleLevel
  | WrongLifelineUnit
  | InvalidLifelineReport
  | LifelineTimeOutOfRange
  | ConflictingLifelineReport
  | MethodNotAllowed
  | TooManySources
>;

/**
 * Judges one report by itself: what the hub keeps of it, or why it is refused.
 *
 * @param isOwn Whether the facility itself reports, or a service that names it: nobody else reads its devices.
 */
export function judgeReport(
  input: ReportLifelineInput,
  isOwn: boolean,
  now: Date,
): AcceptedLifelineReport | LifelineRefusal {
  if (input.method === 'DEVICE' && !isOwn) return NO_DEVICE;
  return (
    incomplete(input) ?? implausibleLevel(input) ?? timeOutOfRange(input, now) ?? accept(input)
  );
}

export function conflicting({
  source,
  observedAt,
}: Pick<LifelineReport, 'source' | 'observedAt'>): LifelineRefusal {
  return {
    __typename: 'ConflictingLifelineReport',
    message: `${source} has reported another level for ${observedAt.toISOString()} before, and that one stands. A correction needs an observedAt of its own.`,
    observedAt,
  };
}

/** The facts by which a report is judged: those of the lifeline, of the grid of the facility, of its demand of oxygen and of its stocks. */
export interface KnownOfFacility extends KnownDemand {
  current: Lifeline | undefined;
  mains: Lifeline | undefined;
  /** The movements of the lifeline. */
  movements: MovedQuantities;
  /** The most that the facility observed itself of it in the minutes before the report; null where it observed nothing. */
  mostReported: number | null;
}

/**
 * Whether a report counts beside the one in force: one of a higher rank always, one of a lower only when the facility's own word is a day old,
 * and of equals the one observed last. A model never replaces the facility's own word. Between two sources, or two reporters under the name of one, a report counts as observed
 * when it was received, at the latest: a clock that runs ahead outranks nobody.
 */
export function isNewer(
  report: Pick<LifelineReport, 'method' | 'source' | 'reportedBy' | 'observedAt' | 'receivedAt'>,
  current: Lifeline,
): boolean {
  const ranks = rankOf(report.method) - rankOf(current.method);
  if (ranks > 0) return true;
  if (ranks < 0) {
    const isOutdated =
      Number(report.receivedAt) - credibleAt(current) > RANK_HOURS * HOUR_MS &&
      report.method !== 'MODELLED';
    return isOutdated && credibleAt(report) > credibleAt(current);
  }
  const isSameSource = report.source === current.source && report.reportedBy === current.reportedBy;
  if (isSameSource) return report.observedAt > current.observedAt;
  return credibleAt(report) > credibleAt(current);
}

/** Whether a report of a reporter is the one in force. */
export function isInForce(
  { source, observedAt }: AcceptedLifelineReport,
  reportedBy: string,
  current: Lifeline,
): boolean {
  const { source: other, observedAt: at } = current;
  return source === other && reportedBy === current.reportedBy && Number(observedAt) === Number(at);
}

/**
 * Returns the lifeline by a report that counts: its level from the observation on, drawn on as far as is known now, with what was booked
 * since the observation.
 */
export function lifelineBy(
  id: string,
  { stock, load, supplied, ...report }: LifelineReport,
  { current, mains, movements, mostReported, ...demand }: KnownOfFacility,
  now: Date,
): Lifeline {
  const { observedAt, kind } = report;
  const stated = { stock, statedSupplied: supplied };
  const believed = believedMost(current, report.receivedAt);
  const loaded = loadBy({ kind, load, supplied, method: report.method }, current, demand);
  const rise = {
    unbookedRise: unbookedRise({ ...report, stock }, current, movements.sumAfter(observedAt)),
  };
  const risen = { ...report, ...rise, stock, supplied: supplied ?? false };
  const state: Lifeline = {
    ...report,
    ...stated,
    id,
    level: stock,
    levelAt: observedAt,
    ...loaded,
    supplied: supplied ?? false,
    renewEveryHours: null,
    moved: 0,
    ...rise,
    risenAt: riseOf(risen, current),
    easedAt: easeOf({ ...report, ...loaded }, current),
    contradictedUntil: null,
    ...(isOwnWord(report.method) ? believed : NOTHING_BELIEVED),
    fellAt: fallOf({ ...report, stock, load }, current, mostReported),
    ...NO_FAILURE,
  };
  const drawn = mains ? byMains(state, mains) : state;
  return withFailure(withMovements(drawn, movements), now);
}

/**
 * Generators stand still while the grid is on: returns their fuel by the newest statement, its own or that of the grid. A model of the grid
 * never stands against what the facility says of its fuel. One that says nothing of it follows what was known before.
 */
export function byMains(fuel: Lifeline, mains: Lifeline): Lifeline {
  if (fuel.kind !== 'GENERATOR_FUEL' || rankOf(mains.method) < rankOf(fuel.method)) return fuel;
  if (mains.observedAt <= fuel.observedAt && fuel.statedSupplied !== null) return fuel;
  return { ...rebased(drawnSince(fuel, mains), mains.observedAt), supplied: mains.supplied };
}

/** Returns a lifeline with what was drawn before the last delivery, by a statement about the grid that comes after its booking; what is drawn is never given back. */
function drawnSince(fuel: Lifeline, { supplied, observedAt }: Lifeline): Lifeline {
  const hours = (Number(fuel.levelAt) - Number(observedAt)) / HOUR_MS;
  if (hours <= 0 || supplied || !fuel.supplied || fuel.level === null) return fuel;
  return { ...fuel, level: Math.max(0, fuel.level - (fuel.load ?? 0) * hours) };
}

/** Returns the lifeline with the demand of oxygen as it is now; the same object when nothing changes. */
export function byDemand(lifeline: Lifeline, demand: KnownDemand, now: Date): Lifeline {
  if (!isOxygen(lifeline.kind)) return lifeline;
  const drawn = loadByDemand(lifeline, demand);
  if (drawn.load === lifeline.load && drawn.loadMethod === lifeline.loadMethod) return lifeline;
  const easedAt = easeOf({ ...drawn, receivedAt: now }, lifeline);
  return withFailure({ ...rebased(lifeline, now), ...drawn, easedAt }, now);
}

/**
 * Returns a lifeline as it is now: a modelled one with the deliveries of its rhythm, which the clock stores a little later, or much later
 * where the hub was off.
 */
export function asOf(lifeline: Lifeline, now: Date): Lifeline {
  const current = renewed(lifeline, now);
  return current === lifeline ? lifeline : withFailure(current, now);
}

/** Returns the lifeline with its hour of failure and when the clock looks at it again. */
export function withFailure(lifeline: Lifeline, now: Date): Lifeline {
  return { ...lifeline, ...failureFrom(lifeline, now) };
}

/** Whether two reports under one key state the same. */
export function isSameReport(a: AcceptedLifelineReport, b: AcceptedLifelineReport): boolean {
  const stated = ({ stock, load, supplied, deliveryAt, deliveryQuantity, method }: typeof a) =>
    JSON.stringify([stock, load, supplied, deliveryAt, deliveryQuantity, method]);
  return stated(a) === stated(b);
}

const NOTHING_BELIEVED = { believedLevel: null, believedAt: null };
const NO_FAILURE = { failsAt: null, passedHours: null, nextCheckAt: null, listedAt: null };

const NO_DEVICE: LifelineRefusal = {
  __typename: 'MethodNotAllowed',
  message:
    'DEVICE is the level of a device that the facility itself reads, or a service whose token names it. Report as REPORTED what somebody saw, as ESTIMATED what was not measured.',
  allowedMethods: ['REPORTED', 'IMPORTED', 'ESTIMATED', 'MODELLED'],
};

/** Returns when a report was observed, or when it was received where the reporter's clock is ahead of ours. */
export function credibleAt({
  observedAt,
  receivedAt,
}: Pick<LifelineReport, 'observedAt' | 'receivedAt'>) {
  return Math.min(observedAt.getTime(), receivedAt.getTime());
}

function incomplete(input: ReportLifelineInput): LifelineRefusal | undefined {
  const { kind, source, stock, load, supplied, nextDelivery, unit } = input;
  const fault = textFault('source', source, LONGEST_SOURCE);
  if (fault !== undefined) return missing('source', fault);
  if (kind === 'MAINS_POWER') {
    if (supplied == null) {
      return missing(
        'supplied',
        'A report of MAINS_POWER says in supplied whether the grid is on.',
      );
    }
    if (stock != null || nextDelivery) {
      return missing(
        'stock',
        'The grid has no stock and no delivery. Report the fuel of the generators as GENERATOR_FUEL.',
      );
    }
  }
  if (kind !== 'MAINS_POWER' && stock == null && supplied == null) {
    return missing(
      'stock',
      `A report of ${kind} says what is there in stock, or whether it is supplied from outside.`,
    );
  }
  const expected = UNIT_OF[kind];
  const hasNumbers = stock != null || load != null || nextDelivery != null;
  if (hasNumbers && unit == null) {
    return missing('unit', `Numbers of ${kind} are in ${expected}. Name the unit in the report.`);
  }
  if (unit == null || unit === expected) return undefined;
  return {
    __typename: 'WrongLifelineUnit',
    message: `Numbers of ${kind} are in ${expected}; received ${unit}. ${conversionOf(kind, unit)} and report again.`,
    expected,
  };
}

function conversionOf(kind: LifelineKind, unit: LifelineUnit): string {
  if (isOxygen(kind) && unit === 'LITRE') {
    return 'Multiply litres of liquid oxygen by 0.853, litres of gas by 0.001,';
  }
  if (kind === 'HEAT' && unit === 'LITRE') return 'Multiply litres of heating oil by 10';
  return 'Convert them';
}

function missing(field: string, message: string): LifelineRefusal {
  return invalid('InvalidLifelineReport', field, message);
}

function implausibleLevel({
  kind,
  stock,
  load,
  nextDelivery,
}: ReportLifelineInput): LifelineRefusal | undefined {
  return (
    implausibleNumber('stock', stock, 0, MOST_STOCK[kind]) ??
    implausibleNumber('load', load, 0, MOST_LOAD[kind]) ??
    implausibleNumber(
      'nextDelivery.quantity',
      nextDelivery?.quantity,
      LEAST_DELIVERED,
      MOST_DELIVERED,
    )
  );
}

function implausibleNumber(
  field: string,
  value: number | null | undefined,
  minimum: number,
  maximum: number,
): LifelineRefusal | undefined {
  if (value == null) return undefined;
  const advice = 'Check the number and report again.';
  return implausible('ImplausibleLevel', field, value, { minimum, maximum, advice });
}

function timeOutOfRange(
  { observedAt, nextDelivery }: ReportLifelineInput,
  now: Date,
): LifelineRefusal | undefined {
  const advice = 'Check the clock of the reporting system.';
  const early = outOfRange('LifelineTimeOutOfRange', 'observedAt', observedAt, {
    earliest: new Date(now.getTime() - DAYS_BACK * DAY_MS),
    latest: new Date(now.getTime() + MINUTES_AHEAD * MINUTE_MS),
    advice,
  });
  if (early || !nextDelivery) return early;
  return outOfRange('LifelineTimeOutOfRange', 'nextDelivery.at', nextDelivery.at, {
    earliest: new Date(observedAt.getTime() + 1),
    latest: new Date(observedAt.getTime() + DELIVERY_DAYS_AHEAD * DAY_MS),
    advice,
  });
}

function accept(input: ReportLifelineInput): AcceptedLifelineReport {
  const { facility, kind, source, method = 'REPORTED', observedAt, nextDelivery } = input;
  return {
    facilityId: facility,
    kind,
    source,
    method,
    observedAt,
    stock: input.stock ?? null,
    load: input.load ?? null,
    supplied: input.supplied ?? null,
    deliveryAt: nextDelivery?.at ?? null,
    deliveryQuantity: nextDelivery?.quantity ?? null,
  };
}
