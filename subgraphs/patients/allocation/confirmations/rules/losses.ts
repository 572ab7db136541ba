import type { LostCode, Need, TriageCategory } from '../../../generated/graphql.js';
import { mayBeMoved } from '../../proposals/rules.js';

/** The properties of a patient that decide which facilities are suitable. */
export interface Condition {
  category: TriageCategory;
  needs: readonly Need[];
  ventilated: boolean;
}

/** A patient with an entry in a plan: as the plan knew them, and as they are at the confirmation. */
export interface PatientChange {
  /** At the proposal; null what the plan did not record. */
  then: { category: TriageCategory; needs: readonly Need[] | null; ventilated: boolean | null };
  now: Condition & {
    facility: string | null;
    transportable: boolean | null;
    hasDied: boolean;
    isErased: boolean;
  };
  /** Whether the patient has a transfer that has not ended. */
  isMoving: boolean;
}

/** The slot of an entry after the request to capacity. */
export interface SlotState {
  /** Whether a slot is reserved for the patient, or none is needed yet. */
  isReserved: boolean;
  /** The reason for which capacity refused the request as a whole; null where it did not. */
  refused: string | null;
  /** How many patients of the category the facility accepted in all at the proposal; null where the plan did not record it. */
  limitThen: number | null;
  /** How many it accepts in all now; null where it declares none. */
  limitNow: number | null;
  /** Whether the facility cannot sustain its care for long enough. */
  notSustainable: boolean;
}

/** Why a patient loses the planned facility, with a sentence for people. */
export interface Loss {
  code: LostCode;
  reason: string;
}

/**
 * Returns why a patient loses the planned facility; undefined when they keep it. They lose it only if they themselves, the slot
 * or the limit have changed since the proposal: no other change leaves anybody without a facility.
 *
 * @param from The facility that distributes its patients; null for a scene.
 */
export function lossOf(
  patient: PatientChange,
  slot: SlotState,
  from: string | null,
): Loss | undefined {
  const loss = lossOfPatient(patient, from) ?? lossOfCondition(patient, from);
  return loss ?? (slot.isReserved ? undefined : lossOfSlot(patient.then.category, slot));
}

/** The loss of every patient of a plan whose incident is closed before the slots are reserved. */
export const INCIDENT_CLOSED: Loss = {
  code: 'INCIDENT_CLOSED',
  reason:
    'The incident was closed before the patient was sent. Request a transfer if the patient still needs one.',
};

function lossOfPatient({ now, isMoving }: PatientChange, from: string | null): Loss | undefined {
  if (now.hasDied || now.category === 'EX') {
    return { code: 'DIED', reason: 'The patient has died since the proposal.' };
  }
  if (isMoving || now.facility !== from) {
    return {
      code: 'ALREADY_MOVED',
      reason: 'Since the proposal the patient received another transfer, or arrived at a facility.',
    };
  }
  if (!now.isErased) return undefined;
  return { code: 'ERASED', reason: 'The data of the patient were erased since the proposal.' };
}

function lossOfCondition({ then, now }: PatientChange, from: string | null): Loss | undefined {
  if (now.category !== then.category) {
    return {
      code: 'TRIAGED_OTHERWISE',
      reason: `The patient was ${then.category} at the proposal and is ${now.category} now. Propose again.`,
    };
  }
  const hasOtherNeeds = then.needs !== null && !isSame(then.needs, now.needs);
  if (hasOtherNeeds || (then.ventilated !== null && then.ventilated !== now.ventilated)) {
    return {
      code: 'NEEDS_CHANGED',
      reason:
        'The needs of the patient, or the ventilation, changed since the proposal. Propose again.',
    };
  }
  if (from === null || mayBeMoved(now)) return undefined;
  return {
    code: 'NOT_TRANSPORTABLE',
    reason:
      now.category === 'SK_I'
        ? 'No physician states any more that the patient is transportable, which SK I requires.'
        : 'A physician has stated since the proposal that the patient cannot be moved.',
  };
}

function isSame(before: readonly Need[], after: readonly Need[]): boolean {
  return (
    before.every((need) => after.includes(need)) && after.every((need) => before.includes(need))
  );
}

function lossOfSlot(
  category: TriageCategory,
  { refused, limitThen, limitNow, notSustainable }: SlotState,
): Loss {
  if (refused !== null) {
    return {
      code: 'RESERVATION_REFUSED',
      reason: `Nothing was reserved for this plan: ${refused}`,
    };
  }
  if (notSustainable) {
    return {
      code: 'NOT_SUSTAINABLE',
      reason: 'The facility cannot sustain its care for long enough any more. Propose again.',
    };
  }
  if (limitThen !== null && (limitNow ?? 0) < limitThen) {
    return {
      code: 'LIMIT_LOWERED',
      reason: `The facility accepted ${limitThen} ${category} in all at the proposal and accepts ${limitNow ?? 'none'} now. Propose again.`,
    };
  }
  return {
    code: 'PLACE_TAKEN',
    reason:
      limitNow === null
        ? `The facility is not known to accept ${category}. Propose again.`
        : `All ${limitNow} slots of the facility for ${category} are reserved. Propose again.`,
  };
}
