import type { BedCategory } from '../../generated/graphql.js';

/**
 * Oxygen that a patient in a bed of each category needs, in litres of gas per minute. Parameters of planning, not
 * measurements: WHO interim guidance "Oxygen sources and distribution for COVID-19 treatment centres" (4 April 2020) plans 10 l/min
 * for the severely and 30 l/min for the critically ill; for wards the design flow of HTM 02-01 (Department of Health, 2006) with its
 * diversity, a quarter of the beds at 6 l/min. A load that was metered replaces them: they then say only how it changes.
 */
export const LITRES_PER_MINUTE: Readonly<Record<BedCategory, number>> = {
  ICU_UNSPECIFIED: 20,
  ICU_LOW_CARE: 10,
  ICU_HIGH_CARE: 30,
  ECMO: 30,
  INTERMEDIATE_CARE: 6,
  NORMAL_WARD: 1.5,
  PAEDIATRIC_ICU: 10,
  NEONATAL_ICU: 5,
  BURN: 10,
  ISOLATION: 1.5,
  PSYCHIATRY: 0,
  REHABILITATION: 0.1,
};

/** Beds of a category with a patient. */
export interface OccupiedBeds {
  category: BedCategory;
  occupied: number;
}

/** Returns the oxygen that the patients in these beds need, in cubic metres of gas per hour; undefined where no bed is reported. */
export function oxygenDemand(beds: readonly OccupiedBeds[]): number | undefined {
  if (beds.length === 0) return undefined;
  const litres = beds.reduce(
    (sum, { category, occupied }) => sum + occupied * LITRES_PER_MINUTE[category],
    0,
  );
  return (litres * 60) / 1_000;
}

/**
 * Returns the load of oxygen now. A metered load changes as the demand of the occupied beds has changed since it was reported; without
 * one the demand is the load.
 */
export function oxygenLoad(
  stated: number | null,
  baseline: number | null,
  demand: number | null,
): number | null {
  if (stated === null) return demand;
  if (demand === null || baseline === null) return stated;
  // Where nobody needed oxygen before, no share of the metered load is known.
  if (baseline === 0) return Math.max(stated, demand);
  return (stated * demand) / baseline;
}
