import { HOUR_MS } from '../../../shared/time/rules.js';
import {
  isRefused,
  noneWithId,
  outOfRange,
  reasonFault,
  type WithTypename,
} from '../../../shared/validation/rules.js';
import type { Closure } from '../generated/prisma/client.js';
import type {
  ClosureExists,
  BedCategory,
  Capability,
  CloseDepartmentInput,
  ClosureEnd,
  ClosureEnded,
  ClosureTimeOutOfRange,
  Department,
  NotInCrisis,
  Phase,
  TriageCategory,
  UnknownClosure,
  Urgency,
} from '../generated/graphql.js';

/** A closure is for the present shortage; a longer one is declared again every day, so that none is forgotten. */
export const LONGEST_CLOSURE_HOURS = 24;

/** Phases in which ordinary closures are the facility's own affair. */
const NO_CRISIS: ReadonlySet<Phase> = new Set(['EVERYDAY']);

/** A closure as it is kept. Reading decides which of its ends was first. */
export type StoredClosure = { __typename: 'Closure' } & Omit<
  Closure,
  'closedBy' | 'reopenedBy' | 'overriddenBy' | 'endTold' | 'seq'
>;

/** The parts of a request to close that are kept. */
export type AcceptedClosure = Pick<
  StoredClosure,
  'department' | 'urgencies' | 'reason' | 'hazard' | 'until'
>;

/** A refusal that shows a closure as it is kept. */
type WithClosure<T extends { __typename?: string }> = WithTypename<T> & { closure: StoredClosure };
export type ClosingRefusal =
  WithTypename<ClosureTimeOutOfRange> | WithClosure<Omit<ClosureExists, 'closure'>>;
export type ReopeningRefusal = WithClosure<Omit<ClosureEnded, 'closure'>>;
/** The refusal without the region, which is read when it is selected. */
export type NotInCrisisFacts = WithTypename<Omit<NotInCrisis, 'region'>>;
export type OverridingRefusal = ReopeningRefusal | NotInCrisisFacts;

export function isClosure(verdict: StoredClosure | OverridingRefusal): verdict is StoredClosure {
  return !isRefused(verdict);
}

/** Returns the fault in a request to close, whatever the facility's state; undefined when there is none. */
export function faultInClosing({ urgencies, reason }: CloseDepartmentInput): string | undefined {
  if (urgencies.length === 0) {
    return 'urgencies names the patients who are to go elsewhere, at least one urgency; received none.';
  }
  return reasonFault(reason);
}

/** Judges a request to close beside the facility's closures in force: a closure must end soon, and add something. */
export function judgeClosing(
  input: CloseDepartmentInput,
  inForce: readonly StoredClosure[],
  now: Date,
): AcceptedClosure | ClosingRefusal {
  const { department, reason, until } = input;
  const refused = outOfRange('ClosureTimeOutOfRange', 'until', until, {
    earliest: new Date(now.getTime() + 1),
    latest: new Date(now.getTime() + LONGEST_CLOSURE_HOURS * HOUR_MS),
    advice: 'A longer closure is declared again before it ends.',
  });
  if (refused) return refused;
  const urgencies = [...new Set(input.urgencies)];
  const covering = inForce.find(
    (closure) =>
      closure.department === department &&
      closure.until >= until &&
      urgencies.every((urgency) => closure.urgencies.includes(urgency)),
  );
  if (covering) {
    return {
      __typename: 'ClosureExists',
      message: `${department} is closed for all of these urgencies until ${covering.until.toISOString()} already. Give a later until or another urgency, or reopen the closure in force to shorten it.`,
      closure: covering,
    };
  }
  return { department, urgencies, reason, hazard: input.hazard ?? null, until };
}

/** How and when a closure ended; undefined while it is in force. It ends at the instant `until`, not after it. */
export function endOf(
  { until, reopenedAt, overriddenAt }: StoredClosure,
  now: Date,
): { end: ClosureEnd; at: Date } | undefined {
  if (reopenedAt) return { end: 'REOPENED', at: reopenedAt };
  if (overriddenAt) return { end: 'OVERRIDDEN', at: overriddenAt };
  return until <= now ? { end: 'LAPSED', at: until } : undefined;
}

/** The closure reopened; the same object when it is already. */
export function reopen(closure: StoredClosure, now: Date): StoredClosure | ReopeningRefusal {
  const ended = endOf(closure, now);
  if (!ended) return { ...closure, reopenedAt: now };
  return ended.end === 'REOPENED' ? closure : hasEnded(closure, ended);
}

/**
 * The closure set aside by the coordination; the same object when it was for the same reason already. Only in a crisis,
 * because in everyday care the facility alone knows what it can take.
 */
export function override(
  closure: StoredClosure,
  facility: { area: string; phase: Phase },
  reason: string,
  now: Date,
): StoredClosure | OverridingRefusal {
  const ended = endOf(closure, now);
  if (ended?.end === 'OVERRIDDEN' && closure.overrideReason === reason) return closure;
  if (ended) return hasEnded(closure, ended);
  if (NO_CRISIS.has(facility.phase)) {
    return {
      __typename: 'NotInCrisis',
      message: `A closure may be overridden from MASS_CASUALTY on; ${facility.area} is in ${facility.phase}. Request that the facility reopens, or declare the phase first.`,
      area: facility.area,
      phase: facility.phase,
      needed: 'MASS_CASUALTY',
    };
  }
  return { ...closure, overriddenAt: now, overrideReason: reason };
}

export function unknownClosure(id: string): WithTypename<UnknownClosure> {
  return noneWithId('closure', id, '`Facility.closures`');
}

function hasEnded(
  closure: StoredClosure,
  { end, at }: { end: ClosureEnd; at: Date },
): ReopeningRefusal {
  return {
    __typename: 'ClosureEnded',
    message: `The closure of ${closure.department} has ended already: ${end} at ${at.toISOString()}. There is nothing left to end; look at the facility's closures in force.`,
    closure,
  };
}

/** The facts of a patient on which closures depend. */
export interface ArrivingPatient {
  /** A patient with a Sichtungskategorie comes as an emergency, with the urgency that goes with it. */
  intake?: TriageCategory;
  category?: BedCategory;
  needs?: readonly Capability[];
  urgency: Urgency;
}

/**
 * The PZC priority that stands in for a Sichtungskategorie where a closure is queried: a default, because the two are not
 * the same. SK_IV, EX and UNINJURED have none; who is not triaged yet may be anything.
 */
export const URGENCY_OF_INTAKE: Readonly<Partial<Record<TriageCategory, Urgency>>> = {
  SK_I: 'IMMEDIATE',
  SK_II: 'INPATIENT',
  SK_III: 'AMBULATORY',
  UNTRIAGED: 'IMMEDIATE',
};

/** Through which departments the injured of a mass casualty come. The slightly injured need a surgeon's eye, no theatre. */
const DEPARTMENTS_OF_INTAKE: Readonly<Record<TriageCategory, readonly Department[]>> = {
  SK_I: ['EMERGENCY', 'TRAUMA_SURGERY'],
  SK_II: ['EMERGENCY', 'TRAUMA_SURGERY'],
  SK_III: ['EMERGENCY'],
  SK_IV: ['EMERGENCY'],
  EX: [],
  UNINJURED: ['EMERGENCY'],
  UNTRIAGED: ['EMERGENCY', 'TRAUMA_SURGERY'],
};

/** The department of the beds. Where a bed may belong to any department, only the closure of the whole facility says something. */
const DEPARTMENTS_OF_BEDS: Readonly<Record<BedCategory, readonly Department[]>> = {
  ICU_UNSPECIFIED: ['INTENSIVE_CARE'],
  ICU_LOW_CARE: ['INTENSIVE_CARE'],
  ICU_HIGH_CARE: ['INTENSIVE_CARE'],
  ECMO: ['INTENSIVE_CARE'],
  INTERMEDIATE_CARE: [],
  NORMAL_WARD: [],
  PAEDIATRIC_ICU: ['PAEDIATRICS'],
  NEONATAL_ICU: ['PAEDIATRICS'],
  BURN: ['BURNS'],
  ISOLATION: [],
  PSYCHIATRY: ['PSYCHIATRY'],
  REHABILITATION: [],
};

/** The departments that meet the need. */
const DEPARTMENTS_OF_NEED: Readonly<Record<Capability, readonly Department[]>> = {
  NEUROSURGERY: ['NEUROSURGERY'],
  BURNS: ['BURNS'],
  CHILD: ['PAEDIATRICS'],
  MAXILLOFACIAL: ['MAXILLOFACIAL_SURGERY'],
  OBSTETRICS: ['OBSTETRICS'],
  VENTILATION: ['INTENSIVE_CARE'],
  DIALYSIS: ['DIALYSIS'],
  ECMO: ['INTENSIVE_CARE'],
  ISOLATION: [],
  DECONTAMINATION: ['EMERGENCY'],
  CARDIAC_SURGERY: ['CARDIAC_SURGERY'],
  HELIPAD: [],
};

/** The departments whose closure steers this patient elsewhere; the whole facility's always does. */
export function departmentsFor({ intake, category, needs = [] }: ArrivingPatient): Set<Department> {
  return new Set<Department>([
    'WHOLE_HOUSE',
    // A patient who is brought to no bed in particular comes through the emergency department.
    ...(intake || category ? [] : (['EMERGENCY'] as const)),
    ...(intake ? DEPARTMENTS_OF_INTAKE[intake] : []),
    ...(category ? DEPARTMENTS_OF_BEDS[category] : []),
    ...needs.flatMap((need) => DEPARTMENTS_OF_NEED[need]),
  ]);
}

/**
 * Of a facility's closures in force, those that steer this patient elsewhere. A closure for other urgencies or other
 * departments is irrelevant to the patient.
 */
export function closedFor(
  inForce: readonly StoredClosure[],
  arriving: ArrivingPatient,
): StoredClosure[] {
  const departments = departmentsFor(arriving);
  const urgency = (arriving.intake && URGENCY_OF_INTAKE[arriving.intake]) ?? arriving.urgency;
  return inForce.filter(
    (closure) => departments.has(closure.department) && closure.urgencies.includes(urgency),
  );
}

/** Injured whom a closure steers elsewhere. */
export interface ClosedTo {
  categories: TriageCategory[];
  /** Only those of them who need one of these; empty for all of them. */
  needs: Capability[];
}

/** Of the injured who are transported to a facility, those whom a closure steers elsewhere, as closedFor says of each. */
export function closedTo({
  department,
  urgencies,
}: Pick<StoredClosure, 'department' | 'urgencies'>): ClosedTo[] {
  const concerned = (['SK_I', 'SK_II', 'SK_III'] as const).filter((category) =>
    urgencies.includes(URGENCY_OF_INTAKE[category]!),
  );
  const isOpenTo = (intake: TriageCategory) =>
    !departmentsFor({ intake, urgency: 'IMMEDIATE' }).has(department);
  const needs = (Object.keys(DEPARTMENTS_OF_NEED) as Capability[]).filter((need) =>
    DEPARTMENTS_OF_NEED[need].includes(department),
  );
  const all = { categories: concerned.filter((category) => !isOpenTo(category)), needs: [] };
  const some = { categories: concerned.filter(isOpenTo), needs };
  return [all, ...(needs.length ? [some] : [])].filter(({ categories }) => categories.length > 0);
}
