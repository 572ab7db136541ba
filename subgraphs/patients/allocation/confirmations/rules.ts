import type { RecordedRefusal } from '../../audit/index.js';
import type { Named } from '../../capacity-client/rules.js';
import {
  kilometresBetween,
  type Parameters,
  type Position,
  rideOf,
  type SteeredCategory,
  travelMinutes,
  weightOf,
} from '../../steering/rules.js';
import { type Path, pathToDestination } from '../../transfers/rules.js';
import type {
  AllocationOverrideInput,
  LostCode,
  Need,
  OverrideNotPossible,
  TransferKind,
  TriageCategory,
} from '../../generated/graphql.js';
import { mayBeMoved } from '../proposals/rules/demand.js';
import { isSteered } from '../proposals/rules/supply.js';

export const MOST_OVERRIDES = 500;
const LONGEST_REASON = 500;

/** What is wrong with overrides, whatever the plan, as a sentence for the caller; undefined when nothing is. */
export function overridesFault(overrides: readonly AllocationOverrideInput[]): string | undefined {
  const seen = new Set<string>();
  for (const { patient, reason } of overrides) {
    const { length } = reason.trim();
    if (length === 0 || reason.length > LONGEST_REASON) {
      return `Every override needs a reason: why, in 1 to ${LONGEST_REASON} characters; ${length === 0 ? 'nothing' : reason.length} came for the patient ${patient.slice(0, 100)}.`;
    }
    if (seen.has(patient)) {
      return `overrides names each patient once; ${patient.slice(0, 100)} came twice. Leave one of them out.`;
    }
    seen.add(patient);
  }
  return undefined;
}

/** A patient of a plan, as he is when it is confirmed. */
export interface Planned {
  patient: string;
  /** His entry in the plan; null for one to whom it gives no house. */
  position: number | null;
  /** The house he is in; null at a scene. */
  facility: string | null;
  category: TriageCategory;
  diedAt: Date | null;
}

/** An override that can be made. */
export interface Override {
  patient: string;
  /** The entry that is overridden; null for one to whom the plan gives no house. */
  position: number | null;
  reason: string;
  /** Where he goes instead; null where he stays. */
  to: { facility: string; category: SteeredCategory } | null;
}

/**
 * What overrides mean for a plan, or why the first that cannot be made cannot. The dispatcher decides, and the software only
 * proposes (the human acknowledges, UCRI2); but nobody sends the dead, those cared for palliatively, or whom nobody triaged.
 */
export function judgeOverrides(
  overrides: readonly AllocationOverrideInput[],
  planned: ReadonlyMap<string, Planned>,
): Override[] | (Named<OverrideNotPossible> & RecordedRefusal) {
  const judged: Override[] = [];
  for (const { patient, facility, reason } of overrides) {
    const entry = planned.get(patient);
    const fault = faultOf(entry, facility ?? null);
    if (!entry || fault !== undefined) {
      return {
        __typename: 'OverrideNotPossible',
        message: `The patient ${patient.slice(0, 100)} ${fault} Nothing was confirmed.`,
        patient,
        concerns: entry ? [{ id: patient }] : [],
      };
    }
    const to = facility == null ? null : { facility, category: entry.category as SteeredCategory };
    judged.push({ patient, position: entry.position, reason, to });
  }
  return judged;
}

function faultOf(planned: Planned | undefined, to: string | null): string | undefined {
  if (!planned) return 'is not in this plan. Take the ids from `assignments` and `unallocated`.';
  if (to === null) {
    if (planned.position !== null) return undefined;
    return 'has no house in this plan, so there is nothing to leave out. Leave the override out.';
  }
  if (planned.diedAt !== null || planned.category === 'EX') {
    return 'has died; the rescue service takes the dead nowhere. Leave the override out.';
  }
  if (to === planned.facility) return 'is in this house. Name another one.';
  if (isSteered(planned.category)) return undefined;
  return `is ${planned.category}; only SK I, SK II and SK III are sent to a house. Triage him again first.`;
}

/** Whom the dispatcher sends himself, as much as decides how he travels. */
export interface Traveller {
  category: SteeredCategory;
  ventilated: boolean;
  physicianEscort: boolean;
  from: Position;
  to: Position;
}

const ALONE = 1;

/** How somebody travels whom the dispatcher sends elsewhere: by road, alone, by the rules of a proposal. */
export function rideOfChosen(
  { from, to, ...patient }: Traveller,
  parameters: Pick<Parameters, 'detourFactor' | 'roadKmPerHour' | 'airKmPerHour' | 'busFrom'>,
) {
  const minutes = travelMinutes(kilometresBetween(from, to), 'ROAD', parameters);
  return { minutes, ...rideOf(patient, { way: 'ROAD' }, ALONE, parameters.busFrom) };
}

/** How long a patient travels, and what a minute of his weighs. */
export interface Ride {
  category: TriageCategory;
  transportPriority: boolean;
  minutes: number;
}

/** The weighted minutes of a plan when some of its patients travel otherwise, or not at all. */
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

/** What of a patient decides which house is his. */
export interface Condition {
  category: TriageCategory;
  needs: readonly Need[];
  ventilated: boolean;
}

/** A patient of a plan with his house, as the confirmation meets him. */
export interface Met {
  /** When the plan was made; null what nobody noted. */
  then: { category: TriageCategory; needs: readonly Need[] | null; ventilated: boolean | null };
  now: Condition & {
    facility: string | null;
    transportable: boolean | null;
    hasDied: boolean;
    isErased: boolean;
  };
  /** Whether he has a transfer that has not ended. */
  isMoving: boolean;
}

/** What a house had to give. */
export interface Room {
  /** Whether a place was got for the patient, or none is needed yet. */
  isGot: boolean;
  /** Why capacity would not look for one, in its own words; null where it did. */
  refused: string | null;
  /** How many of his category the house took in all when the plan was made; null where that was not noted. */
  limitThen: number | null;
  /** How many it takes in all now; null where it declares none. */
  limitNow: number | null;
}

/** To what a patient lost his house, with a sentence for people. */
export interface Loss {
  code: LostCode;
  reason: string;
}

/**
 * To what a patient loses his house; undefined when he keeps it. Only if he himself, the place or the limit has changed since
 * the proposal: that something else did is no reason to leave anybody without.
 *
 * @param from The house that sends its patients on; null for a scene.
 */
export function lossOf(met: Met, room: Room, from: string | null): Loss | undefined {
  const loss = lossOfPatient(met, from) ?? lossOfCondition(met, from);
  return loss ?? (room.isGot ? undefined : lossOfSlot(met.then.category, room));
}

/** What every patient of a plan loses his house to when its incident is closed before the places are his. */
export const INCIDENT_CLOSED: Loss = {
  code: 'INCIDENT_CLOSED',
  reason:
    'The incident was closed before he was sent. Request a transfer for him if he still needs one.',
};

function lossOfPatient({ now, isMoving }: Met, from: string | null): Loss | undefined {
  if (now.hasDied || now.category === 'EX') {
    return { code: 'DIED', reason: 'He has died since the proposal.' };
  }
  if (isMoving || now.facility !== from) {
    return {
      code: 'ALREADY_MOVED',
      reason: 'Since the proposal he was given another transfer, or has come to a house.',
    };
  }
  if (!now.isErased) return undefined;
  return { code: 'ERASED', reason: 'Whatever told of him was erased since the proposal.' };
}

function lossOfCondition({ then, now }: Met, from: string | null): Loss | undefined {
  if (now.category !== then.category) {
    return {
      code: 'TRIAGED_OTHERWISE',
      reason: `He was ${then.category} when it was proposed and is ${now.category} now. Propose for him again.`,
    };
  }
  const needsOtherwise = then.needs !== null && !isSame(then.needs, now.needs);
  if (needsOtherwise || (then.ventilated !== null && then.ventilated !== now.ventilated)) {
    return {
      code: 'NEEDS_CHANGED',
      reason:
        'What he needs has changed since the proposal, or whether he is ventilated. Propose for him again.',
    };
  }
  if (from === null || mayBeMoved(now)) return undefined;
  return {
    code: 'NOT_TRANSPORTABLE',
    reason:
      now.category === 'SK_I'
        ? 'No physician holds him transportable any more, which an SK I patient needs.'
        : 'A physician has said since the proposal that he cannot be moved.',
  };
}

function isSame(before: readonly Need[], after: readonly Need[]): boolean {
  return (
    before.every((need) => after.includes(need)) && after.every((need) => before.includes(need))
  );
}

function lossOfSlot(category: TriageCategory, { refused, limitThen, limitNow }: Room): Loss {
  if (refused !== null) {
    return {
      code: 'RESERVATION_REFUSED',
      reason: `Nothing was reserved for this plan: ${refused}`,
    };
  }
  if (limitThen !== null && (limitNow ?? 0) < limitThen) {
    return {
      code: 'LIMIT_LOWERED',
      reason: `The house took ${limitThen} ${category} in all when it was proposed and takes ${limitNow ?? 'none'} now. Propose for him again.`,
    };
  }
  return {
    code: 'PLACE_TAKEN',
    reason:
      limitNow === null
        ? `The house is not known to take ${category}. Propose for him again.`
        : `All ${limitNow} places of the house for ${category} are taken. Propose for him again.`,
  };
}

/** What kind of transfer takes the patients of a plan to their houses. */
export function kindOf({ facility }: { facility: string | null }): TransferKind {
  return facility === null ? 'PRIMARY' : 'CAPACITY';
}

/** What of a plan decides how far its transfers go at once. */
interface Confirmed {
  facility: string | null;
  area: string;
  approved: boolean;
  confirmedBy: string;
}

/**
 * Whether places are reserved by the confirmation. Not while an approval is missing: that may take hours and may not come,
 * and meanwhile the places would be nobody's.
 */
export function isReservedAtOnce(plan: Confirmed): boolean {
  return pathOfPlan(plan).at(-1) === 'DESTINATION_REQUESTED';
}

/**
 * The statuses that the transfers of a plan pass through at once. From a scene the houses are asked; from a house too, if
 * whoever confirmed has approved by it, otherwise the transfers wait for the approval with their destination named.
 */
export function pathOfPlan(plan: Confirmed): Path {
  const { area: fromArea, approved, confirmedBy: by } = plan;
  const kind = kindOf(plan);
  const given = approved ? [{ level: 'ORIGIN' as const, area: fromArea, by }] : [];
  const path = pathToDestination({ kind, fromArea, toArea: fromArea }, given);
  if (path[0] === 'REQUESTED') return path;
  return approved && kind !== 'PRIMARY'
    ? ['REQUESTED', 'APPROVED', ...path]
    : ['REQUESTED', ...path];
}
