import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/time/rules.js';
import {
  implausible,
  invalid,
  outOfRange,
  textFault,
  type WithTypename,
} from '../../../shared/validation/rules.js';
import type {
  BedCategory,
  BedStatus,
  ConflictingReport,
  ImplausibleCount,
  InvalidReport,
  Method,
  ObservedOutOfRange,
  ReportCapacityInput,
  SourceRule,
} from '../generated/graphql.js';
import type { Bed, BedReport } from '../generated/prisma/client.js';
import type { UnknownFacility } from '../generated/graphql.js';

/** The most beds of one category a report may state: the largest German hospital has about 3,000 in all. */
export const MOST_BEDS = 5_000;
/** Clocks of reporting systems differ; this far ahead of ours is still believed. */
export const MINUTES_AHEAD = 5;
/** An older observation says nothing about today; late corrections within a week are kept for the history. */
export const DAYS_BACK = 7;
const LONGEST_SOURCE = 200;

/**
 * Hours for which a report is relied on. 24 h is the duty to report intensive care daily (§ 2 KHKapSurV), kept for all
 * acute care; 72 h where patients stay for weeks, so that a weekend without an office makes no number stale (our policy).
 */
export const FRESH_HOURS: Readonly<Record<BedCategory, number>> = {
  ICU_UNSPECIFIED: 24,
  ICU_LOW_CARE: 24,
  ICU_HIGH_CARE: 24,
  ECMO: 24,
  INTERMEDIATE_CARE: 24,
  NORMAL_WARD: 24,
  PAEDIATRIC_ICU: 24,
  NEONATAL_ICU: 24,
  BURN: 24,
  ISOLATION: 24,
  PSYCHIATRY: 72,
  REHABILITATION: 72,
};

/** Categories of the daily duty to report, due by noon (§ 2 KHKapSurV). */
const DUE_BY_NOON: ReadonlySet<BedCategory> = new Set([
  'ICU_UNSPECIFIED',
  'ICU_LOW_CARE',
  'ICU_HIGH_CARE',
  'ECMO',
  'PAEDIATRIC_ICU',
  'NEONATAL_ICU',
]);

/** The levels of intensive care of which a facility's own report replaces its modelled share (function beds_at). */
const ICU_LEVELS: readonly BedCategory[] = ['ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO'];

/**
 * The categories in which a facility may have what is requested as `category`: where its modelled share of intensive care is
 * replaced, one of its levels stands for ICU_UNSPECIFIED.
 */
export function categoriesServing(category: BedCategory): readonly BedCategory[] {
  return category === 'ICU_UNSPECIFIED' ? [category, ...ICU_LEVELS] : [category];
}

/** Whether the category is part of a modelled share of intensive care, so that it may count in another one. */
export function isOfShare(category: string | null): boolean {
  return category !== null && OF_SHARE.has(category);
}
const OF_SHARE: ReadonlySet<string> = new Set(['ICU_UNSPECIFIED', ...ICU_LEVELS, 'PAEDIATRIC_ICU']);

/** The facility's own word, or what a rule computed from a larger whole. */
type ReportTier = Bed['tier'];

/** A report as it is stored; `late` if it is also the first of its day, which only the database knows. */
export type AcceptedReport = Omit<Bed, 'receivedAt' | 'stalenessTold'>;

/** The numbers of a report from which follows what is free; sources that differ in one of them disagree. */
export const NUMBERS = [
  'operable',
  'occupied',
  'blocked',
] as const satisfies readonly (keyof Bed)[];

/** Every count that a report may state. */
const COUNTS = [...NUMBERS, 'emergencyReserve'] as const satisfies readonly (keyof Bed)[];

/** A refusal of the rules, with its name in the schema and the facts that go with it. */
export type ReportRefusal = WithTypename<
  UnknownFacility | ImplausibleCount | InvalidReport | ObservedOutOfRange | ConflictingReport
>;

/**
 * Judges one report by itself: what the hub keeps of it, or why it is refused. Occupied above operable is no reason: that
 * is an emergency, not a mistake.
 */
export function judgeReport(input: ReportCapacityInput, now: Date): AcceptedReport | ReportRefusal {
  return (
    incomplete(input) ??
    implausibleCount(input) ??
    observedOutOfRange(input.observedAt, now) ??
    accept(input, now)
  );
}

export function conflicting({ source, observedAt }: AcceptedReport): ReportRefusal {
  return {
    __typename: 'ConflictingReport',
    message: `${source} has reported other numbers for ${observedAt.toISOString()} before, and those stand. A correction needs an observedAt of its own.`,
    observedAt,
  };
}

/** A modelled report never stands beside a facility's own in the same rank. */
export function tierOf(method: Method): ReportTier {
  return method === 'MODELLED' ? 'MODELLED' : 'OWN';
}

/** From when on a report of this category, observed at this instant, is no longer relied on. */
export function staleAtOf(category: BedCategory, observedAt: Date): Date {
  return new Date(observedAt.getTime() + FRESH_HOURS[category] * HOUR_MS);
}

/** How and when a report was made. */
type Observation = Pick<BedReport, 'method' | 'observedAt'>;

/**
 * The rule that put one report in force among those of several sources (the function beds_at applies it): the newest
 * observation, unless a newer one is modelled and the facility's own word is still fresh.
 */
export function ruleThatChose(chosen: Observation, sources: readonly Observation[]): SourceRule {
  if (sources.length === 1) return 'ONLY_SOURCE';
  const outranked = sources.some(
    ({ method, observedAt }) =>
      tierOf(chosen.method) === 'OWN' &&
      tierOf(method) === 'MODELLED' &&
      observedAt >= chosen.observedAt,
  );
  return outranked ? 'OWN_OVER_MODELLED' : 'NEWEST_OBSERVATION';
}

function incomplete({
  operable,
  occupied,
  source,
}: ReportCapacityInput): ReportRefusal | undefined {
  const fault = textFault('source', source, LONGEST_SOURCE);
  if (fault !== undefined) return invalid('InvalidReport', 'source', fault);
  if ((operable == null) === (occupied == null)) return undefined;
  const field = operable == null ? 'operable' : 'occupied';
  return invalid(
    'InvalidReport',
    field,
    `operable and occupied belong together; ${field} is missing. Give both, or neither when the facility states no numbers.`,
  );
}

function implausibleCount(input: ReportCapacityInput): ReportRefusal | undefined {
  for (const field of COUNTS) {
    const refusal = implausible('ImplausibleCount', field, input[field] ?? 0, {
      minimum: 0,
      maximum: MOST_BEDS,
      unit: 'beds',
      advice: 'Check the number and report again.',
    });
    if (refusal) return refusal;
  }
  return undefined;
}

function observedOutOfRange(observedAt: Date, now: Date): ReportRefusal | undefined {
  return outOfRange('ObservedOutOfRange', 'observedAt', observedAt, {
    earliest: new Date(now.getTime() - DAYS_BACK * DAY_MS),
    latest: new Date(now.getTime() + MINUTES_AHEAD * MINUTE_MS),
    advice: 'Check the clock of the source.',
  });
}

function accept(input: ReportCapacityInput, now: Date): AcceptedReport {
  const { facility, category, source, method = 'REPORTED', observedAt } = input;
  const counts = countsOf(input);
  const tier = tierOf(method);
  return {
    facilityId: facility,
    category,
    tier,
    ...counts,
    status: input.status ?? statusFrom(counts),
    limitations: [...new Set(input.limitations ?? [])],
    source,
    method,
    observedAt,
    staleAt: staleAtOf(category, observedAt),
    late: tier === 'OWN' && DUE_BY_NOON.has(category) && hourInBerlin(now) >= 12,
  };
}

/** The counts as they are stored: unknown stays unknown, and without beds none is blocked. */
function countsOf(input: ReportCapacityInput): Counts {
  const stated = Object.fromEntries(COUNTS.map((field) => [field, input[field] ?? null]));
  const counts = stated as Counts;
  return { ...counts, blocked: counts.operable === null ? null : (counts.blocked ?? 0) };
}
type Counts = Pick<Bed, (typeof COUNTS)[number]>;

/** The status of a report that states none: whether one of the reported beds is free, whatever is reserved or held of them. */
function statusFrom(beds: Pick<Bed, (typeof NUMBERS)[number]>): BedStatus {
  const { operable, occupied, blocked } = beds;
  if (operable === null || occupied === null) return 'NOT_REPORTED';
  return operable - occupied - (blocked ?? 0) > 0 ? 'AVAILABLE' : 'UNAVAILABLE';
}

const berlin = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Berlin',
  hour: '2-digit',
  hourCycle: 'h23',
});

function hourInBerlin(instant: Date): number {
  return Number(berlin.format(instant));
}
