import type { Pool, PoolClient } from 'pg';
import { keepFacilityAreas } from '../../capacity-client/index.js';
import type { AllocationLoss, AllocationPlan } from '../../generated/prisma/client.js';
import { createMany } from '../../transfers/index.js';
import type { RequestedSlot, ReservedSlot } from './capacity-calls.js';
import type { Loss, PatientChange } from './rules/losses.js';
import { kindOf, pathOfPlan } from './rules/transfers.js';
import * as statements from './statements.js';

/** A plan whose confirmation has begun. */
export interface ConfirmingPlan extends Pick<
  AllocationPlan,
  'id' | 'incidentId' | 'facilityId' | 'area' | 'wave' | 'status' | 'approved'
> {
  confirmedBy: string;
}

/** The slot that an entry of a plan needs. */
export interface SlotOfEntry extends RequestedSlot {
  position: number;
  limitThen: number | null;
}

/** An entry of a plan that is confirmed. */
interface Entry {
  position: number;
  patient: string;
  toFacility: string;
  toArea: string;
  /** The dispatcher's reason for this facility; null where it was proposed. */
  overrideReason: string | null;
}

/** The entries that a confirmation keeps, and those that lose their facility. */
export interface EntryOutcomes {
  /** With their slots, or without where those are reserved later. */
  kept: (Entry & { slot: ReservedSlot | undefined })[];
  lost: (Loss & { code: AllocationLoss; position: number })[];
}

export async function findConfirming(db: Pool, id: string): Promise<ConfirmingPlan> {
  const { rows } = await db.query<ConfirmingPlan>({
    ...statements.CONFIRMING_PLAN,
    values: [id],
  });
  return existing(rows);
}

/** Locks the plan until the transaction ends. */
export async function lockConfirming(db: PoolClient, id: string): Promise<ConfirmingPlan> {
  const { rows } = await db.query<ConfirmingPlan>({
    ...statements.CONFIRMING_PLAN_LOCKED,
    values: [id],
  });
  return existing(rows);
}

/** Returns the slots that the entries of a plan need, in the order in which they are to be reserved. */
export async function requestedSlots(db: Pool, plan: string): Promise<SlotOfEntry[]> {
  const { rows } = await db.query<SlotOfEntry>({
    ...statements.REQUESTED_SLOTS,
    values: [plan],
  });
  return rows;
}

/** Returns the slots that no transfer has. */
export async function withoutTransfer(
  db: PoolClient,
  slots: readonly ReservedSlot[],
): Promise<ReservedSlot[]> {
  const values = [slots.map(({ item }) => item)];
  const { rows } = await db.query<{ item: string }>({ ...statements.SLOTS_OF_TRANSFERS, values });
  const named = new Set(rows.map(({ item }) => item));
  return slots.filter(({ item }) => !named.has(item));
}

/** Locks the patients of the entries of a plan, and returns them as they are now. */
export async function lockPlannedPatients(
  db: PoolClient,
  plan: string,
): Promise<(Entry & PatientChange)[]> {
  await db.query({ ...statements.LOCK_PATIENTS, values: [plan] });
  const { rows } = await db.query<Entry & PatientChange>({
    ...statements.PLANNED_ENTRIES,
    values: [plan],
  });
  return rows;
}

/** Creates the transfers of a plan and closes its confirmation. */
export async function storeOutcomes(
  db: PoolClient,
  plan: ConfirmingPlan,
  { kept, lost }: EntryOutcomes,
  at: Date,
): Promise<void> {
  const { id, confirmedBy: by } = plan;
  const path = pathOfPlan(plan);
  const kind = kindOf(plan);
  const transfers = kept.map(({ patient, toFacility, toArea, overrideReason, slot }) => ({
    patient,
    to: { facility: toFacility, area: toArea },
    reason: overrideReason,
    reserved: slot ?? null,
  }));
  const created = await createMany(db, transfers, {
    kind,
    bedCategory: null,
    path,
    act: null,
    isApproved: path.includes('APPROVED'),
    published: path.at(-1)!,
    by,
    at,
  });
  const confirmed = [
    kept.map(({ position }) => position),
    kept.map(({ patient }) => created.get(patient)),
  ];
  await db.query({ ...statements.CONFIRM_ENTRIES, values: [id, ...confirmed] });
  const losses = [
    lost.map(({ position }) => position),
    lost.map(({ code }) => code),
    lost.map(({ reason }) => reason),
  ];
  await db.query({ ...statements.STORE_LOSSES, values: [id, ...losses] });
  await keepFacilityAreas(
    db,
    transfers.map(({ to }) => to),
  );
  await db.query({ ...statements.END_CONFIRMING, values: [id] });
}

function existing(rows: ConfirmingPlan[]): ConfirmingPlan {
  if (!rows[0]) throw new Error('The plan of a confirmation does not exist.');
  return rows[0];
}
