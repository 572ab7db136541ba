import type {
  CapacityReason,
  CandidateFacility,
  CandidateIntake,
  SteeredCategory,
} from './input.js';
import type { PatientClass } from './classes.js';
import { maskOf, offeredBy, type Mask } from './needs.js';

/** Facilities that treat the slightly injured and nobody else. */
export const AMBULATORY: ReadonlySet<string> = new Set([
  'EMERGENCY_PRACTICE',
  'PRACTICE',
  'TRAUMA_OUTPATIENT_CLINIC',
]);

const CHILD = maskOf(['CHILD']);

/** The reasons that exclude a facility for a patient. */
export type Exclusion = CapacityReason | 'LEFT_OUT_BY_DISPATCHER' | 'NO_ACUTE_CARE';

/** The suitability of a facility for one category, whatever the patient needs; judged once for all patients. */
export interface Suitability {
  facility: CandidateFacility;
  offers: Mask;
  /** By category; empty where nothing stands against it. */
  against: Readonly<Record<SteeredCategory, readonly Exclusion[]>>;
}

/** The fit of a facility for one class of patients. */
export interface Fit {
  /** Hard reasons against it; empty where it may take them. */
  against: readonly Exclusion[];
  /** Needs that the facility does not meet. */
  unmet: Mask;
}

export function intakeOf(
  { intake }: CandidateFacility,
  category: SteeredCategory,
): CandidateIntake | undefined {
  return intake.find((one) => one.category === category);
}

export function suitabilityOf(
  facility: CandidateFacility,
  without: ReadonlySet<string>,
): Suitability {
  const against = (category: SteeredCategory) => exclusions(facility, category, without);
  return {
    facility,
    offers: offeredBy(facility),
    against: { SK_I: against('SK_I'), SK_II: against('SK_II'), SK_III: against('SK_III') },
  };
}

export function fitOf(
  { facility, offers, against }: Suitability,
  { category, needs }: Pick<PatientClass, 'category' | 'needs'>,
): Fit {
  const unmet = needs & ~offers;
  const isClosed =
    facility.closures.length > 0 &&
    facility.closures.some(
      (closure) =>
        closure.categories.includes(category) &&
        (closure.needs.length === 0 || (maskOf(closure.needs) & needs) !== 0),
    );
  const isForOthers = facility.childrenOnly === true && (needs & CHILD) === 0;
  const hard = isForOthers
    ? [...new Set<Exclusion>(['NEED_UNMET', ...against[category]])]
    : against[category];
  return { against: isClosed && !hard.includes('CLOSED') ? [...hard, 'CLOSED'] : hard, unmet };
}

/** A closure (Abmeldung) exempts nobody from treating: for SK I without an alternative it is set aside. */
export function isOnlyClosed({ against, unmet }: Fit): boolean {
  return unmet === 0 && against.length > 0 && against.every((reason) => reason === 'CLOSED');
}

/** Whether nothing stands against the facility but that it fails soon, and SK I may still arrive after these minutes. */
export function isOnlyFailing(
  { against, unmet }: Fit,
  { arriveWithinMinutes = 0 }: CandidateFacility,
  minutes: number,
): boolean {
  const isFailing = against.length > 0 && against.every((reason) => reason === 'NOT_SUSTAINABLE');
  return unmet === 0 && isFailing && minutes < arriveWithinMinutes;
}

/** Whether the facility meets all needs, but has no free slot. */
export function isOnlyFull({ against, unmet }: Fit): boolean {
  return unmet === 0 && against.length > 0 && against.every((reason) => reason === 'NO_PLACE_LEFT');
}

function exclusions(
  facility: CandidateFacility,
  category: SteeredCategory,
  without: ReadonlySet<string>,
): Exclusion[] {
  const intake = intakeOf(facility, category);
  const reasons = new Set<Exclusion>([
    ...facility.reasons,
    ...(intake?.reasons ?? ['NOT_REPORTED']),
  ]);
  if (without.has(facility.id)) reasons.add('LEFT_OUT_BY_DISPATCHER');
  if (category !== 'SK_III' && AMBULATORY.has(facility.kind)) reasons.add('NO_ACUTE_CARE');
  if (intake?.free === 0) reasons.add('NO_PLACE_LEFT');
  return [...reasons];
}
