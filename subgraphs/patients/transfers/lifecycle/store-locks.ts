import type { PoolClient } from 'pg';
import type { Statement } from '../../../../shared/database/index.js';
import { idOrNone, isUuid } from '../../../../shared/validation/rules.js';
import type { PatientVisibility } from '../../access/index.js';
import type { TransferRow } from './rows.js';
import {
  ACTIVE_TRANSFER,
  TRANSFERS_LOCKED,
  TRANSFERS_LOCKED_UNCHECKED,
  TRANSFERS_OF_VEHICLE_LOCKED,
} from './statements.js';
import { transferVisibilityValues, type TransferVisibility } from './visibility.js';

/** Locks transfers the caller may see, until the transaction ends; by id. Hidden ones are missing. */
export async function lockTransfers(
  db: PoolClient,
  ids: readonly string[],
  visibility: TransferVisibility,
): Promise<Map<string, TransferRow>> {
  return lock(db, TRANSFERS_LOCKED, [...transferVisibilityValues(visibility), ids.filter(isUuid)]);
}

/** Locks transfers without a check of visibility, by id: for the radio of a vehicle, the clock, the outcome of a job. */
export async function lockTransfersUnchecked(
  db: PoolClient,
  ids: readonly string[],
): Promise<Map<string, TransferRow>> {
  return lock(db, TRANSFERS_LOCKED_UNCHECKED, [[], [], ids]);
}

/** Locks the transfers of a vehicle, without a check of visibility. */
export async function lockLoad(db: PoolClient, vehicle: string): Promise<TransferRow[]> {
  return [...(await lock(db, TRANSFERS_OF_VEHICLE_LOCKED, [[], [], vehicle])).values()];
}

/** Locks a transfer that is known to exist, without a check of visibility. */
export async function lockUnchecked(db: PoolClient, id: string): Promise<TransferRow> {
  const transfer = (await lockTransfersUnchecked(db, [id])).get(id);
  if (!transfer) throw new Error(`Transfer ${id} has vanished.`);
  return transfer;
}

/** Returns the id of the transfer of a patient that has not ended, if the caller may see the patient. It is not locked. */
export async function activeTransferOf(
  db: PoolClient,
  { areas, facilities }: PatientVisibility,
  patient: string,
): Promise<string | undefined> {
  const values = [areas, facilities, idOrNone(patient)];
  return (await db.query<{ id: string }>({ ...ACTIVE_TRANSFER, values })).rows[0]?.id;
}

async function lock(db: PoolClient, statement: Statement, values: readonly unknown[]) {
  const { rows } = await db.query<TransferRow>({ ...statement, values: [...values] });
  return new Map(rows.map((row) => [row.id, { ...row, __typename: 'Transfer' as const }]));
}
