import type { Occupancy } from '../generated/prisma/client.js';

export { unknownFacility } from '../../../shared/validation/rules.js';

/** In Germany 480,000 beds stand beside 27,000 of intensive care (Destatis, DIVI-Intensivregister, 2020). */
const BEDS_PER_INTENSIVE_BED = 18;

/** Beds of clinics of which no source names any: assumptions, by the kind. Those of other kinds are not modelled. */
export const BEDS_OF_KIND: Readonly<Record<string, number>> = {
  PSYCHIATRIC_HOSPITAL: 80,
  REHABILITATION_CLINIC: 150,
  SPECIALIST_CLINIC: 40,
};

/** The facts by which levels and stocks of a facility are modelled. */
export type ModelledFacility = Pick<
  Occupancy,
  'facilityId' | 'kind' | 'intensiveBeds' | 'wardBeds'
>;

/** Beds of a facility, and what it is: an acute hospital has beds of intensive care or wards. */
interface ModelledBeds {
  intensive: number;
  all: number;
  isAcute: boolean;
}

/** Returns the beds by which a facility is modelled: those that capacity knows, or as many as go with its intensive care or its kind. */
export function modelledBeds({ intensiveBeds, wardBeds, kind }: ModelledFacility): ModelledBeds {
  const isAcute = intensiveBeds + wardBeds > 0;
  const known = Math.max(wardBeds, intensiveBeds * BEDS_PER_INTENSIVE_BED);
  const all = isAcute ? known : (BEDS_OF_KIND[kind ?? ''] ?? 0);
  return { intensive: intensiveBeds, all, isAcute };
}
