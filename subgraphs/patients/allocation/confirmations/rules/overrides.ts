import type { WithTypename } from '../../../../../shared/validation/rules.js';
import type { RecordedRefusal } from '../../../audit/index.js';
import {
  kilometresBetween,
  type Parameters,
  type Position,
  rideOf,
  type SteeredCategory,
  travelMinutes,
  weightOf,
} from '../../../steering/rules.js';
import type {
  AllocationOverrideInput,
  OverrideNotPossible,
  TriageCategory,
} from '../../../generated/graphql.js';
import { isSteered } from '../../proposals/rules.js';

export const MOST_OVERRIDES = 500;
const LONGEST_REASON = 500;

/** Returns what is wrong with overrides, whatever the plan, as a sentence for the caller; undefined when nothing is. */
export function overridesFault(overrides: readonly AllocationOverrideInput[]): string | undefined {
  const seen = new Set<string>();
  for (const { patient, reason } of overrides) {
    const { length } = reason.trim();
    if (length === 0 || reason.length > LONGEST_REASON) {
      return `Every override needs a reason of 1 to ${LONGEST_REASON} characters; the one for the patient ${patient.slice(0, 100)} has ${length === 0 ? 'none' : reason.length}.`;
    }
    if (seen.has(patient)) {
      return `overrides names each patient once; ${patient.slice(0, 100)} is named twice. Leave one of them out.`;
    }
    seen.add(patient);
  }
  return undefined;
}

/** A patient of a plan, in the state in which the plan is confirmed. */
export interface PlannedPatient {
  patient: string;
  /** Position of the patient's entry; null for a patient to whom the plan assigns no facility. */
  position: number | null;
  /** The facility where the patient is; null at a scene. */
  facility: string | null;
  category: TriageCategory;
  diedAt: Date | null;
}

/** An override that the rules permit. */
export interface Override {
  patient: string;
  /** Position of the entry that is overridden; null for a patient to whom the plan assigns no facility. */
  position: number | null;
  reason: string;
  /** The facility to which the dispatcher sends the patient; null where the patient stays. */
  to: { facility: string; category: SteeredCategory } | null;
}

/**
 * Returns the overrides of a plan, or the refusal of the first that is not possible. The dispatcher decides, and the software
 * only proposes (the human acknowledges, UCRI2); but nobody sends patients who are dead, in palliative care, or not triaged.
 */
export function judgeOverrides(
  overrides: readonly AllocationOverrideInput[],
  planned: ReadonlyMap<string, PlannedPatient>,
): Override[] | (WithTypename<OverrideNotPossible> & RecordedRefusal) {
  const judged: Override[] = [];
  for (const { patient, facility, reason } of overrides) {
    const entry = planned.get(patient);
    const fault = faultOf(entry, facility ?? null);
    if (!entry || fault !== undefined) {
      return {
        __typename: 'OverrideNotPossible',
        message: `The patient ${patient.slice(0, 100)} ${fault} Nothing was confirmed.`,
        patientId: patient,
        concerns: entry ? [{ id: patient }] : [],
      };
    }
    const to = facility == null ? null : { facility, category: entry.category as SteeredCategory };
    judged.push({ patient, position: entry.position, reason, to });
  }
  return judged;
}

function faultOf(planned: PlannedPatient | undefined, to: string | null): string | undefined {
  if (!planned) return 'is not in this plan. Take the ids from `assignments` and `unallocated`.';
  if (to === null) {
    if (planned.position !== null) return undefined;
    return 'has no facility in this plan, so there is nothing to leave out. Leave the override out.';
  }
  if (planned.diedAt !== null || planned.category === 'EX') {
    return 'has died; the rescue service does not transport the dead. Leave the override out.';
  }
  if (to === planned.facility) return 'is in this facility. Name another one.';
  if (isSteered(planned.category)) return undefined;
  return `is ${planned.category}; only SK I, SK II and SK III are sent to a facility. Triage the patient again first.`;
}

/** The properties of a patient, and the two positions, by which a chosen ride is determined. */
export interface Traveller {
  category: SteeredCategory;
  ventilated: boolean;
  physicianEscort: boolean;
  from: Position;
  to: Position;
}

const ALONE = 1;

/** Returns the ride of a patient whose facility the dispatcher chose: by road, alone, by the rules of a proposal. */
export function rideOfChosen(
  { from, to, ...patient }: Traveller,
  parameters: Pick<Parameters, 'detourFactor' | 'roadKmPerHour' | 'airKmPerHour' | 'busFrom'>,
) {
  const minutes = travelMinutes(kilometresBetween(from, to), 'ROAD', parameters);
  return { minutes, ...rideOf(patient, { way: 'ROAD' }, ALONE, parameters.busFrom) };
}

/** The duration of a patient's ride, with what decides its weight. */
export interface Ride {
  category: TriageCategory;
  transportPriority: boolean;
  minutes: number;
}

/** Returns the weighted minutes of a plan after rides were dropped from it and others chosen. */
export function weightedMinutesWith(
  proposed: number,
  { dropped, chosen }: { dropped: readonly Ride[]; chosen: readonly Ride[] },
  parameters: Parameters,
): number {
  const sum = proposed - weightedSum(dropped, parameters) + weightedSum(chosen, parameters);
  return Math.round(sum * 10) / 10;
}

function weightedSum(rides: readonly Ride[], parameters: Parameters): number {
  return rides.reduce((sum, { category, transportPriority, minutes }) => {
    const weight = isSteered(category) ? weightOf(category, transportPriority, parameters) : 0;
    return sum + weight * minutes;
  }, 0);
}
