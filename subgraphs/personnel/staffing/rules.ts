import type { BedCategory, StaffGroup } from '../generated/prisma/client.js';

/** Groups of staff without which beds of a category cannot be operated: the one that loses most decides. */
export const BINDING_GROUPS: Readonly<Record<BedCategory, readonly StaffGroup[]>> = {
  ICU_UNSPECIFIED: ['PHYSICIAN', 'INTENSIVE_CARE_NURSE'],
  ICU_LOW_CARE: ['PHYSICIAN', 'INTENSIVE_CARE_NURSE'],
  ICU_HIGH_CARE: ['PHYSICIAN', 'INTENSIVE_CARE_NURSE'],
  ECMO: ['PHYSICIAN', 'INTENSIVE_CARE_NURSE'],
  PAEDIATRIC_ICU: ['PHYSICIAN', 'INTENSIVE_CARE_NURSE'],
  NEONATAL_ICU: ['PHYSICIAN', 'INTENSIVE_CARE_NURSE'],
  INTERMEDIATE_CARE: ['PHYSICIAN', 'NURSE'],
  NORMAL_WARD: ['PHYSICIAN', 'NURSE'],
  BURN: ['PHYSICIAN', 'NURSE'],
  ISOLATION: ['PHYSICIAN', 'NURSE'],
  PSYCHIATRY: ['PHYSICIAN', 'NURSE'],
  REHABILITATION: ['PHYSICIAN', 'NURSE'],
};

/** How many of a group are effective in everyday work and in a phase. */
export interface EffectiveStaff {
  group: StaffGroup;
  everyday: number;
  inPhase: number;
}

/**
 * Returns how many of the operable beds of a category the staff can operate in a phase: each group that binds the category takes the
 * share that it loses, and the smallest result counts. A group without staff in everyday work does not bind, and no group adds beds.
 * The quotient is computed with integers, so that no rounding of fractions takes a bed.
 */
export function staffedBeds(
  category: BedCategory,
  operable: number,
  staff: readonly EffectiveStaff[],
): number {
  const limits = staff
    .filter(({ group, everyday }) => everyday > 0 && BINDING_GROUPS[category].includes(group))
    .map(({ everyday, inPhase }) =>
      Math.floor((operable * Math.min(inPhase, everyday)) / everyday),
    );
  return Math.min(operable, ...limits);
}
