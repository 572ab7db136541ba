import { HOUR_MS } from '../../../shared/time/rules.js';
import type { Method, TraumaLevel, TriageCategory } from '../generated/graphql.js';
import type { IntakeDeclaration, IntakeNumber } from '../generated/prisma/client.js';
import { isBase, isOpen, weekMinuteOf } from './rules/windows.js';

/** How long a casualty who arrived on a reservation occupies a slot of the intake where no later declaration knows of them. */
export const OCCUPIED_HOURS = 24;

/**
 * The planning number of a trauma centre that declared nothing: 10 casualties at once and, after its alarm plan, "twice that on
 * top" (Krankenhauskataster, doi 10.1007/s00113-018-0472-0), read here as 20 more, 30 in all. Divided over the categories
 * as 29 clinics around Ulm take them: 45 SK I, 121 SK II, 333 SK III (doi 10.1007/s00101-019-00670-z).
 */
export const PLANNING_NUMBER = {
  immediate: 10,
  afterAlarmPlan: 20,
  shares: [
    ['SK_I', 45],
    ['SK_II', 121],
    ['SK_III', 333],
  ],
  source: 'Krankenhauskataster (doi 10.1007/s00113-018-0472-0)',
  assumption:
    'Nothing declared: planning number of a trauma centre, 10 at once and 20 more after the alarm plan, divided over SK I, II and III as 45 : 121 : 333 (doi 10.1007/s00101-019-00670-z).',
} as const;

/** Every category, in the order of the schema. */
export const TRIAGE_CATEGORIES: readonly TriageCategory[] = [
  'SK_I',
  'SK_II',
  'SK_III',
  'SK_IV',
  'EX',
  'UNINJURED',
  'UNTRIAGED',
];

/** One declared number, with what holds for all of its declaration. */
export type DeclaredNumber = Omit<IntakeNumber, 'position'> &
  Pick<IntakeDeclaration, 'source' | 'method' | 'assumption' | 'validUntil' | 'declaredAt'>;

/** Given slots of one category, as far as their time has not run out. */
export interface OccupiedSlots {
  category: TriageCategory;
  count: number;
  /** When the casualty arrived; null while they are on their way. */
  redeemedAt: Date | null;
}

/** All that decides what a facility takes at an instant. */
export interface IntakeFacts {
  traumaLevel: TraumaLevel | null;
  /** Of declarations valid at the instant. */
  numbers: readonly DeclaredNumber[];
  /** Active at the instant. */
  alarmPlan: { activatedAt: Date } | null;
  occupied: readonly OccupiedSlots[];
}

/** The number of one category that a facility admits at an instant, and the rest of it. */
export interface Intake {
  category: TriageCategory;
  immediate: number;
  afterAlarmPlan: number;
  perHour: number;
  limit: number;
  reserved: number;
  free: number;
  method: Method;
  source: string;
  assumption: string | null;
  until: Date | null;
}

/** An intake as everyone may read it: `reserved` and `free` reveal single casualties and are null. */
export type OpenIntake = Omit<Intake, 'reserved' | 'free'> & { reserved: null; free: null };

export function withoutCasualties(intake: Intake): OpenIntake {
  return { ...intake, reserved: null, free: null };
}

/** A number with its meaning and its source. */
type StatedNumber = Pick<
  DeclaredNumber,
  'immediate' | 'afterAlarmPlan' | 'perHour' | 'method' | 'source' | 'assumption'
> & { validUntil: Date | null; declaredAt: Date | null };

/**
 * Returns how many casualties a facility admits at an instant, per category in the order of the schema. A category that is missing is not known:
 * nobody is sent on it. Numbers depend on the hour and the weekday, and nobody has a recognised method to compute them; so
 * they are declared, and the one planning number that stands in for them says so.
 */
export function intakeAt(facts: IntakeFacts, at: Date): Intake[] {
  return TRIAGE_CATEGORIES.flatMap((category) => {
    const stated = inForce(facts.numbers, category, at) ?? planningNumber(facts, category);
    return stated ? [intakeFrom(stated, category, facts, at)] : [];
  });
}

function intakeFrom(
  stated: StatedNumber,
  category: TriageCategory,
  { alarmPlan, occupied }: IntakeFacts,
  at: Date,
): Intake {
  const { immediate, afterAlarmPlan, perHour, method, source, assumption, validUntil } = stated;
  const more = alarmPlan ? afterAlarmPlan + perHour * wholeHours(alarmPlan.activatedAt, at) : 0;
  const limit = immediate + more;
  const reserved = occupied
    .filter((slots) => slots.category === category && isStillOccupied(slots, stated.declaredAt, at))
    .reduce((sum, { count }) => sum + count, 0);
  const free = Math.max(0, limit - reserved);
  const from = { method, source, assumption, until: validUntil };
  return { category, immediate, afterAlarmPlan, perHour, limit, reserved, free, ...from };
}

/** The newest declaration that names the category counts; what the facility says of itself outranks a model. */
function inForce(
  numbers: readonly DeclaredNumber[],
  category: TriageCategory,
  at: Date,
): StatedNumber | undefined {
  const named = numbers.filter((number) => number.category === category);
  if (named.length === 0) return undefined;
  const newest = named.reduce((best, number) => (isStronger(number, best) ? number : best));
  const declared = named.filter(({ declarationId }) => declarationId === newest.declarationId);
  const base = declared.find(isBase);
  if (declared.length === 1 && base) return base;
  const weekMinute = weekMinuteOf(at);
  return declared.find((number) => !isBase(number) && isOpen(number, weekMinute)) ?? base;
}

function isStronger(a: DeclaredNumber, b: DeclaredNumber): boolean {
  if ((a.method === 'MODELLED') !== (b.method === 'MODELLED')) return b.method === 'MODELLED';
  const later = a.declaredAt.getTime() - b.declaredAt.getTime();
  return later > 0 || (later === 0 && a.declarationId > b.declarationId);
}

/** One number for three categories: a facility that has declared any of them has spoken for all of them. */
function planningNumber(
  { traumaLevel, numbers }: IntakeFacts,
  category: TriageCategory,
): StatedNumber | undefined {
  const { shares, source, assumption, ...total } = PLANNING_NUMBER;
  const position = shares.findIndex(([share]) => share === category);
  if (traumaLevel === null || position < 0) return undefined;
  if (numbers.some((number) => shares.some(([share]) => share === number.category)))
    return undefined;
  return {
    immediate: divided(total.immediate)[position]!,
    afterAlarmPlan: divided(total.afterAlarmPlan)[position]!,
    perHour: 0,
    method: 'MODELLED',
    source,
    assumption,
    validUntil: null,
    declaredAt: null,
  };
}

/** A planning number over the categories by their shares; what is left over goes to the largest remainders. */
export function divided(total: number): number[] {
  const { shares } = PLANNING_NUMBER;
  const sum = shares.reduce((all, [, share]) => all + share, 0);
  const exact = shares.map(([, share]) => (total * share) / sum);
  const parts = exact.map(Math.floor);
  const byRemainder = exact
    .map((part, position) => ({ position, remainder: part - Math.floor(part) }))
    .sort((a, b) => b.remainder - a.remainder);
  const left = total - parts.reduce((all, part) => all + part, 0);
  for (const { position } of byRemainder.slice(0, left)) parts[position]! += 1;
  return parts;
}

/** On their way, or here since the facility last said what it takes: a later declaration knows of them. */
function isStillOccupied(
  { redeemedAt }: OccupiedSlots,
  declaredAt: Date | null,
  at: Date,
): boolean {
  if (redeemedAt === null) return true;
  const leaves = redeemedAt.getTime() + OCCUPIED_HOURS * HOUR_MS;
  return at.getTime() < leaves && (declaredAt === null || redeemedAt > declaredAt);
}

/** Clocks of processes differ a little: an alarm plan is never active for less than no time. */
function wholeHours(since: Date, at: Date): number {
  return Math.max(0, Math.floor((at.getTime() - since.getTime()) / HOUR_MS));
}
