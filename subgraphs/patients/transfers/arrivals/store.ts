import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { listLoader, pick, rowLoader, selectionOf } from '../../../../shared/database/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import { patientColumns, transferColumns } from '../../generated/columns.js';
import type { Patient, Transfer } from '../../generated/prisma/client.js';
import type { PatientVisibility } from '../../access/index.js';

const OF_PATIENT = ['area', 'category', 'needs', 'ventilated', 'physicianEscort'] as const;
const OF_TRANSFER = ['id', 'status', 'means', 'estimatedArrival'] as const;

/** A patient whom a facility expects, or is requested to accept; `id` is that of the transfer. */
export interface InboundRow
  extends Pick<Patient, (typeof OF_PATIENT)[number]>, Pick<Transfer, (typeof OF_TRANSFER)[number]> {
  facility: string;
  patient: string;
}

interface InboundCount {
  facility: string;
  count: number;
}

/** Transfers `t` whose patients are inbound: requested, or on their way, until the hand-over. */
const IS_INBOUND = `t.status IN ('DESTINATION_REQUESTED', 'ACCEPTED', 'TRANSPORT_SOUGHT', 'TRANSPORT_ASSIGNED', 'PICKED_UP',
  'UNDER_WAY', 'DIVERTED', 'ARRIVED')`;

/** $1 the facilities; $2 and $3 the visibility of patients for the caller. */
const INBOUND = `
SELECT t.to_facility AS facility, p.id AS patient, ${selectionOf(pick(patientColumns, ...OF_PATIENT), 'p')},
  ${selectionOf(pick(transferColumns, ...OF_TRANSFER), 't')}
FROM transfer t JOIN patient p ON p.id = t.patient_id
WHERE t.to_facility = ANY ($1::uuid[]) AND may_see(p.id, p.area, $2, $3)
  AND ${IS_INBOUND}
ORDER BY t.estimated_arrival NULLS LAST, t.created_at, t.seq`;

/** $1 to $3 as of INBOUND. A number reveals no single patient to those who lead the area of the facility. */
const INBOUND_COUNT = `
SELECT t.to_facility AS facility, count(*)::int AS count FROM transfer t JOIN patient p ON p.id = t.patient_id
WHERE t.to_facility = ANY ($1::uuid[]) AND ${IS_INBOUND}
  AND (EXISTS (SELECT FROM unnest($2::text[]) AS a WHERE starts_with(t.to_area, a)) OR may_see(p.id, p.area, $2, $3))
GROUP BY t.to_facility`;

/** Reads the patients whom facilities expect. */
export class ArrivalStore {
  readonly #db: Pool;
  readonly #visibility: PatientVisibility;
  readonly #inbound: DataLoader<string, InboundRow[]>;
  readonly #counts: DataLoader<string, InboundCount | undefined>;

  constructor({ pool }: Database, visibility: PatientVisibility) {
    this.#db = pool;
    this.#visibility = visibility;
    this.#inbound = listLoader(
      (ids) => this.#read<InboundRow>('inbound', INBOUND, ids),
      ({ facility }) => facility,
    );
    this.#counts = rowLoader(
      (ids) => this.#read<InboundCount>('inbound-count', INBOUND_COUNT, ids),
      ({ facility }) => facility,
    );
  }

  /** Patients coming to a facility whom the caller may see, the first expected first. */
  at(facility: string): Promise<InboundRow[]> {
    return this.#inbound.load(facility);
  }

  /** How many patients are coming to a facility, as far as the caller may know. */
  async countAt(facility: string): Promise<number> {
    return (await this.#counts.load(facility))?.count ?? 0;
  }

  async #read<Row extends object>(name: string, text: string, ids: readonly string[]) {
    const { areas, facilities } = this.#visibility;
    const values = [ids.filter(isUuid), areas, facilities];
    return (await this.#db.query<Row>({ name, text, values })).rows;
  }
}
