import { DAY_MINUTES, DAY_MS } from '../../../../shared/time/rules.js';
import {
  implausible,
  invalid,
  outOfRange,
  textFault,
  type WithTypename,
} from '../../../../shared/validation/rules.js';
import type {
  CategoryNotTaken,
  DeclareIntakeInput,
  FacilityKind,
  ImplausibleCount,
  InvalidIntake,
  IntakeNumberInput,
  InvalidIntakeWindows,
  TriageCategory,
  ValidityOutOfRange,
} from '../../generated/graphql.js';
import type { IntakeDeclaration, IntakeNumber } from '../../generated/prisma/client.js';
import { TRIAGE_CATEGORIES } from '../rules.js';
import { isBase, isOverlapping, isWholeWeek, minuteOf } from './windows.js';

/** The most casualties of one category a facility may state: more than any German hospital has ever admitted from one event. */
export const MOST_CASUALTIES = 1_000;
/** The most entries of one declaration: seven categories with two windows for each day of the week. */
export const MOST_NUMBERS = 100;
/** A declaration may say what held since yesterday's shift, and what will hold from next year on; no longer than a year. */
export const DAYS_BACK = 1;
export const DAYS_AHEAD = 365;
export const MOST_DAYS = 366;
const LONGEST_SOURCE = 200;
const LONGEST_ASSUMPTION = 500;

/** A number as it is kept. */
export type AcceptedNumber = Omit<IntakeNumber, 'declarationId' | 'position'>;

/** A declaration as it is kept. */
export type AcceptedIntake = Omit<
  IntakeDeclaration,
  'id' | 'facilityId' | 'declaredAt' | 'declaredBy'
> & { numbers: AcceptedNumber[] };

export type IntakeRefusal = WithTypename<
  ImplausibleCount | InvalidIntake | CategoryNotTaken | InvalidIntakeWindows | ValidityOutOfRange
>;

const EVERYONE_ALIVE = TRIAGE_CATEGORIES.filter((category) => category !== 'EX');

/**
 * Categories that each kind of facility may admit: SK III goes to practices too and must take no shock room, everything else that is
 * injured needs a hospital; the dead are transported nowhere by the rescue service (Sichtungskonsensuskonferenz, bbk.bund.de).
 * A PLACEHOLDER stands for hospital beds.
 */
const ACCEPTED_BY: Readonly<Record<FacilityKind, readonly TriageCategory[]>> = {
  HOSPITAL: EVERYONE_ALIVE,
  BUNDESWEHR_HOSPITAL: EVERYONE_ALIVE,
  SPECIALIST_CLINIC: EVERYONE_ALIVE,
  PSYCHIATRIC_HOSPITAL: EVERYONE_ALIVE,
  REHABILITATION_CLINIC: EVERYONE_ALIVE,
  FIELD_CLINIC: EVERYONE_ALIVE,
  PLACEHOLDER: EVERYONE_ALIVE,
  EMERGENCY_PRACTICE: ['SK_III', 'UNINJURED'],
  PRACTICE: ['SK_III', 'UNINJURED'],
  TRAUMA_OUTPATIENT_CLINIC: ['SK_III', 'UNINJURED'],
  CARE_HOME: ['UNINJURED'],
  HOME_CARE_SERVICE: [],
};

/** Returns the fault in the form of a declaration, as a sentence for the caller; undefined when there is none. */
export function faultInIntake({ numbers }: DeclareIntakeInput): string | undefined {
  return numbers.map(faultInNumber).find((fault) => fault !== undefined);
}

function faultInNumber({ from, until }: IntakeNumberInput, position: number): string | undefined {
  if (from == null && until == null) return undefined;
  if (from == null || until == null) {
    return `numbers[${position}]: from and until belong together; ${from == null ? 'from' : 'until'} is missing. Give both, or neither for the whole day.`;
  }
  const begin = minuteOf(from);
  if (begin === undefined || begin === DAY_MINUTES)
    return `numbers[${position}].from is a time of day from 00:00 to 23:59; received "${from.slice(0, 20)}".`;
  if (minuteOf(until) === undefined)
    return `numbers[${position}].until is a time of day from 00:00 to 24:00; received "${until.slice(0, 20)}".`;
  return undefined;
}

/** Judges a declaration of a well-formed input: what the hub keeps of it, or why it is refused. */
export function judgeIntake(
  input: DeclareIntakeInput,
  kind: FacilityKind,
  now: Date,
): AcceptedIntake | IntakeRefusal {
  const numbers = input.numbers.map(acceptedNumber);
  return (
    unfounded(input) ??
    implausibleNumber(numbers) ??
    notAccepted(numbers, kind) ??
    overlapping(numbers) ??
    uncovered(numbers) ??
    validityOutOfRange(input, now) ?? {
      source: input.source,
      method: input.method,
      assumption: input.assumption?.trim() || null,
      validFrom: input.from ?? now,
      validUntil: input.until,
      numbers,
    }
  );
}

/** Times left out are the whole day; so is a window from midnight to midnight. */
function acceptedNumber(number: IntakeNumberInput): AcceptedNumber {
  const { category, weekdays, from, until, immediate, afterAlarmPlan, perHour } = number;
  const fromMinute = minuteOf(from ?? '00:00')!;
  const end = minuteOf(until ?? '24:00')!;
  const toMinute = fromMinute === 0 && end === 0 ? DAY_MINUTES : end;
  return {
    category,
    weekdays: [...new Set(weekdays ?? [])],
    fromMinute,
    toMinute,
    immediate,
    afterAlarmPlan: afterAlarmPlan ?? 0,
    perHour: perHour ?? 0,
  };
}

function unfounded({
  source,
  method,
  assumption,
  numbers,
}: DeclareIntakeInput): IntakeRefusal | undefined {
  const assumed = (assumption ?? '').trim();
  const isNeeded = method === 'MODELLED' || method === 'ESTIMATED';
  const isUnexplained = (isNeeded && assumed === '') || assumed.length > LONGEST_ASSUMPTION;
  return (
    invalidIntake('source', textFault('source', source, LONGEST_SOURCE)) ??
    invalidIntake(
      'assumption',
      isUnexplained
        ? `assumption says in up to ${LONGEST_ASSUMPTION} characters what ${method} numbers rest on; received ${assumed.length}.`
        : undefined,
    ) ??
    invalidIntake(
      'numbers',
      numbers.length > 0 ? undefined : 'A declaration has at least one number; received none.',
    )
  );
}

function invalidIntake(
  field: string,
  fault: string | undefined,
  uncovered: TriageCategory | null = null,
): IntakeRefusal | undefined {
  const refusal = invalid('InvalidIntake', field, fault);
  return refusal && { ...refusal, uncovered };
}

function implausibleNumber(numbers: readonly AcceptedNumber[]): IntakeRefusal | undefined {
  for (const [position, number] of numbers.entries()) {
    for (const field of ['immediate', 'afterAlarmPlan', 'perHour'] as const) {
      const refusal = implausible(
        'ImplausibleCount',
        `numbers[${position}].${field}`,
        number[field],
        {
          minimum: 0,
          maximum: MOST_CASUALTIES,
          unit: 'casualties',
          advice: 'Check the number and declare again.',
        },
      );
      if (refusal) return refusal;
    }
  }
  return undefined;
}

function notAccepted(
  numbers: readonly AcceptedNumber[],
  kind: FacilityKind,
): IntakeRefusal | undefined {
  const allowed = ACCEPTED_BY[kind];
  const wrong = numbers.find(({ category }) => !allowed.includes(category));
  if (!wrong) return undefined;
  return {
    __typename: 'CategoryNotTaken',
    message: `A ${kind} takes ${allowed.join(', ') || 'no casualties'}; received ${wrong.category}. Leave it out.`,
    category: wrong.category,
    facilityKind: kind,
    allowed: [...allowed],
  };
}

function overlapping(numbers: readonly AcceptedNumber[]): IntakeRefusal | undefined {
  for (const [second, number] of numbers.entries()) {
    const first = numbers.findIndex(
      (other, position) =>
        position < second &&
        other.category === number.category &&
        isBase(other) === isBase(number) &&
        isOverlapping(other, number),
    );
    if (first < 0) continue;
    const refusal = invalid(
      'InvalidIntakeWindows',
      `numbers[${second}]`,
      `numbers[${first}] and numbers[${second}] both hold for ${number.category} at some hours. Give every hour one number.`,
    );
    return { ...refusal, category: number.category, first, second };
  }
  return undefined;
}

/** At an hour without a number nobody could distinguish "none" from "not said". */
function uncovered(numbers: readonly AcceptedNumber[]): IntakeRefusal | undefined {
  for (const { category } of numbers) {
    const all = numbers.filter((number) => number.category === category);
    if (isWholeWeek(all)) continue;
    return invalidIntake(
      'numbers',
      `${category} has windows that leave hours of the week open. Add an entry without weekdays and times that says what holds outside of them, 0 if nobody is admitted.`,
      category,
    );
  }
  return undefined;
}

function validityOutOfRange(
  { from, until }: DeclareIntakeInput,
  now: Date,
): IntakeRefusal | undefined {
  const days = (since: Date, count: number) => new Date(since.getTime() + count * DAY_MS);
  const validFrom = from ?? now;
  return (
    outOfRange('ValidityOutOfRange', 'from', validFrom, {
      earliest: days(now, -DAYS_BACK),
      latest: days(now, DAYS_AHEAD),
      advice: 'Give an instant in between, or leave it out to mean now.',
    }) ??
    outOfRange('ValidityOutOfRange', 'until', until, {
      earliest: new Date(Math.max(validFrom.getTime(), now.getTime()) + 1),
      latest: days(validFrom, MOST_DAYS),
      advice: `A declaration holds for ${MOST_DAYS} days at most.`,
    })
  );
}
