import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { listLoader, pick, selectionOf } from '../../../../shared/database/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import { patientColumns, transferColumns } from '../../generated/columns.js';
import type { Patient, Transfer } from '../../generated/prisma/client.js';
import type { Visibility } from '../../access/index.js';

const OF_PATIENT = ['area', 'category', 'needs', 'ventilated', 'physicianEscort'] as const;
const OF_TRANSFER = ['id', 'status', 'means', 'estimatedArrival'] as const;

/** A patient whom a facility expects, or is requested to accept; `id` is that of the transfer. */
export interface InboundRow
  extends Pick<Patient, (typeof OF_PATIENT)[number]>, Pick<Transfer, (typeof OF_TRANSFER)[number]> {
  facility: string;
  patient: string;
}

/** $1 the facilities; $2 and $3 the visibility of patients for the caller. */
const INBOUND = `
SELECT t.to_facility AS facility, p.id AS patient, ${selectionOf(pick(patientColumns, ...OF_PATIENT), 'p')},
  ${selectionOf(pick(transferColumns, ...OF_TRANSFER), 't')}
FROM transfer t JOIN patient p ON p.id = t.patient_id
WHERE t.to_facility = ANY ($1::uuid[]) AND may_see(p.id, p.area, $2, $3)
  AND t.status IN ('DESTINATION_REQUESTED', 'ACCEPTED', 'TRANSPORT_SOUGHT', 'TRANSPORT_ASSIGNED', 'PICKED_UP', 'UNDER_WAY',
                   'DIVERTED', 'ARRIVED')
ORDER BY t.estimated_arrival NULLS LAST, t.created_at, t.seq`;

/** Reads the patients whom facilities expect. */
export class ArrivalStore {
  readonly #db: Pool;
  readonly #visibility: Visibility;
  readonly #inbound: DataLoader<string, InboundRow[]>;

  constructor({ pool }: Database, visibility: Visibility) {
    this.#db = pool;
    this.#visibility = visibility;
    this.#inbound = listLoader(
      (ids) => this.#load(ids),
      ({ facility }) => facility,
    );
  }

  /** Patients coming to a facility whom the caller may see, the first expected first. */
  at(facility: string): Promise<InboundRow[]> {
    return this.#inbound.load(facility);
  }

  async #load(ids: readonly string[]): Promise<InboundRow[]> {
    const { areas, facilities } = this.#visibility;
    const { rows } = await this.#db.query<InboundRow>({
      name: 'inbound',
      text: INBOUND,
      values: [ids.filter(isUuid), areas, facilities],
    });
    return rows;
  }
}
