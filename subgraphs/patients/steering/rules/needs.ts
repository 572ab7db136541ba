import type { Need } from '../../generated/graphql.js';
import type { Casualty, CandidateFacility } from './input.js';

/** A property that a facility must have: a need of the patient, and for SK I a trauma centre (TraumaNetzwerk DGU). */
export type Requirement = Need | 'TRAUMA_CENTRE';

/** In the order of their bits: sets of requirements are compared millions of times. */
const REQUIREMENTS: readonly Requirement[] = [
  'NEUROSURGERY',
  'BURNS',
  'CHILD',
  'MAXILLOFACIAL',
  'OBSTETRICS',
  'VENTILATION',
  'DIALYSIS',
  'ECMO',
  'ISOLATION',
  'DECONTAMINATION',
  'CARDIAC_SURGERY',
  'TRAUMA_CENTRE',
];

/** Requirements as bits. */
export type Mask = number;

/** Without them others come to harm, or the patient dies on arrival: no policy waives them. */
export const NEVER_WAIVED: Mask = maskOf(['ISOLATION', 'DECONTAMINATION', 'VENTILATION']);

export function maskOf(requirements: readonly Requirement[]): Mask {
  return requirements.reduce((mask, one) => mask | (1 << REQUIREMENTS.indexOf(one)), 0);
}

/** The requirements of a mask. */
export function requirementsOf(mask: Mask): Requirement[] {
  return REQUIREMENTS.filter((_, bit) => mask & (1 << bit));
}

/** How many requirements a mask has. */
export function countOf(mask: Mask): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

export function requiredBy({ category, needs, ventilated }: Casualty): Mask {
  return (
    maskOf(needs) |
    (ventilated ? maskOf(['VENTILATION']) : 0) |
    (category === 'SK_I' ? maskOf(['TRAUMA_CENTRE']) : 0)
  );
}

export function offeredBy({ capabilities, isTraumaCentre }: CandidateFacility): Mask {
  return maskOf(capabilities) | (isTraumaCentre ? maskOf(['TRAUMA_CENTRE']) : 0);
}
