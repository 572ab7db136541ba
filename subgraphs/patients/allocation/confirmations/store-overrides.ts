import type { PoolClient } from 'pg';
import type { PlanRow } from '../plans/index.js';
import type { TriageCategory } from '../../generated/graphql.js';
import type { Patient } from '../../generated/prisma/client.js';
import type { DestinationFacility } from './capacity-calls.js';
import {
  rideOfChosen,
  weightedMinutesWith,
  type Override,
  type PlannedPatient,
} from './rules/overrides.js';
import * as statements from './statements.js';

/** A patient of a plan with the properties and the position that decide the ride. */
export interface PlannedRow
  extends PlannedPatient, Pick<Patient, 'ventilated' | 'physicianEscort' | 'transportPriority'> {
  /** Position of the scene. */
  latitude: number;
  longitude: number;
  /** Minutes of the entry; null for a patient to whom the plan assigns no facility. */
  minutes: number | null;
  plannedCategory: TriageCategory | null;
}

/** The patients of overrides, and the facilities that they name. */
interface OverrideSubjects {
  planned: ReadonlyMap<string, PlannedRow>;
  facilities: ReadonlyMap<string, DestinationFacility>;
}

/**
 * Stores the overrides of a plan: the proposed entry stays, with the reason, and another one replaces it. The numbers of the
 * plan are counted again, so that they match the lists.
 */
export async function storeOverrides(
  db: PoolClient,
  plan: PlanRow,
  overrides: readonly Override[],
  known: OverrideSubjects,
): Promise<void> {
  if (overrides.length === 0) return;
  const dropped = overrides.filter(({ position }) => position !== null);
  const positions = dropped.map(({ position }) => position);
  const reasons = dropped.map(({ reason }) => reason);
  await db.query({ ...statements.OVERRIDE, values: [plan.id, positions, reasons] });
  const staying = dropped.filter(({ to }) => to === null).map(({ position }) => position);
  await db.query({ ...statements.STORE_LEFT, values: [plan.id, staying] });
  const chosen = overrides.flatMap((override) => chosenOf(override, plan, known));
  await db.query({ ...statements.STORE_CHOSEN, values: [plan.id, JSON.stringify(chosen)] });
  await storeLoad(db, plan, chosen, known);
  const before = dropped.map(({ patient }) => {
    const { plannedCategory, minutes, transportPriority } = known.planned.get(patient)!;
    return { category: plannedCategory!, minutes: minutes!, transportPriority };
  });
  const rides = { dropped: before, chosen };
  const weighted = weightedMinutesWith(plan.weightedMinutes, rides, plan.parameters);
  await db.query({ ...statements.COUNT_PLAN, values: [plan.id, weighted] });
}

/** Returns the entry of a patient whose facility the dispatcher chose; none for a patient who stays. */
function chosenOf(
  { patient, reason, to }: Override,
  plan: PlanRow,
  { planned, facilities }: OverrideSubjects,
) {
  if (to === null) return [];
  const facility = facilities.get(to.facility)!;
  const traveller = planned.get(patient)!;
  const from = plan.facilityId === null ? traveller : facilities.get(plan.facilityId)!.position;
  const ride = rideOfChosen(
    { ...traveller, category: to.category, from, to: facility.position },
    plan.parameters,
  );
  const { transportPriority } = traveller;
  const entry = { patient, ...to, facilityArea: facility.area, ...ride, transportPriority };
  return [{ ...entry, overrideReason: reason }];
}

async function storeLoad(
  db: PoolClient,
  { id }: PlanRow,
  chosen: readonly { facility: string; facilityArea: string; category: TriageCategory }[],
  { facilities }: OverrideSubjects,
): Promise<void> {
  const declared = chosen.map(({ facility, category }) =>
    facilities.get(facility)!.intake.find((one) => one.category === category),
  );
  const columns = [
    chosen.map(({ facility }) => facility),
    chosen.map(({ facilityArea }) => facilityArea),
    chosen.map(({ category }) => category),
    declared.map((intake) => Math.max(intake?.free ?? 0, 0)),
    declared.map((intake) => intake?.limit),
  ];
  await db.query({ ...statements.STORE_CHOSEN_LOAD, values: [id, ...columns] });
  await db.query({ ...statements.COUNT_LOAD, values: [id] });
}
