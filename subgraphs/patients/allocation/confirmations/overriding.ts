import type { PoolClient } from 'pg';
import type { PlanRow } from '../plans/row.js';
import type { TriageCategory } from '../../generated/graphql.js';
import type { DestinationFacility } from './capacity-calls.js';
import { rideOfChosen, weightedMinutesWith, type Override, type Planned } from './rules.js';
import * as statements from './statements.js';

export interface PlannedRow extends Planned {
  ventilated: boolean;
  physicianEscort: boolean;
  transportPriority: boolean;
  /** Of his scene. */
  latitude: number;
  longitude: number;
  /** Of his entry; null for one to whom the plan gives no house. */
  minutes: number | null;
  plannedCategory: TriageCategory | null;
}

/** Whom overrides are about, and where they are sent. */
interface OverrideSubjects {
  planned: ReadonlyMap<string, PlannedRow>;
  facilities: ReadonlyMap<string, DestinationFacility>;
}

/**
 * Writes down what is done otherwise: the entry that was proposed stays, with the reason, and another stands for it. The
 * plan's numbers are counted anew, so that they are those of the lists.
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

/** The entry of somebody whom the dispatcher sends himself; none for one who stays. */
function chosenOf(
  { patient, reason, to }: Override,
  plan: PlanRow,
  { planned, facilities }: OverrideSubjects,
) {
  if (to === null) return [];
  const facility = facilities.get(to.facility)!;
  const traveller = planned.get(patient)!;
  const from = plan.facility === null ? traveller : facilities.get(plan.facility)!.position;
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
