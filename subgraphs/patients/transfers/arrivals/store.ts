import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { Database } from '../../database/database.js';
import type {
  Need,
  TransferStatus,
  TransportMeans,
  TriageCategory,
} from '../../generated/graphql.js';
import { isId, type Visibility } from '../../access/index.js';

/** A patient whom a facility expects, or is requested to accept. */
export interface InboundRow {
  facility: string;
  /** Id of the transfer. */
  id: string;
  patient: string;
  /** AGS of the Kreis that leads the patient. */
  area: string;
  category: TriageCategory;
  needs: Need[];
  ventilated: boolean;
  physicianEscort: boolean;
  status: TransferStatus;
  means: TransportMeans | null;
  estimatedArrival: Date | null;
}

/** $1 the facilities; $2 and $3 whose patients the caller may know of. */
const INBOUND = `
SELECT t.to_facility AS facility, t.id, p.id AS patient, p.area, p.category::text, p.needs::text[], p.ventilated,
  p.physician_escort AS "physicianEscort", t.status::text, t.means::text, t.estimated_arrival AS "estimatedArrival"
FROM transfer t JOIN patient p ON p.id = t.patient_id
WHERE t.to_facility = ANY ($1::uuid[]) AND may_see(p.id, p.area, $2, $3)
  AND t.status IN ('DESTINATION_REQUESTED', 'ACCEPTED', 'TRANSPORT_SOUGHT', 'TRANSPORT_ASSIGNED', 'PICKED_UP', 'UNDER_WAY',
                   'DIVERTED', 'ARRIVED')
ORDER BY t.estimated_arrival NULLS LAST, t.created_at, t.seq`;

/** Reads who is coming. */
export class ArrivalStore {
  readonly #db: Pool;
  readonly #visibility: Visibility;
  readonly #inbound: DataLoader<string, InboundRow[]>;

  constructor({ pool }: Database, visibility: Visibility) {
    this.#db = pool;
    this.#visibility = visibility;
    this.#inbound = new DataLoader((facilities) => this.#load(facilities));
  }

  /** Patients coming to a facility whom the caller may see, the first expected first. */
  at(facility: string): Promise<InboundRow[]> {
    return this.#inbound.load(facility);
  }

  async #load(facilities: readonly string[]): Promise<InboundRow[][]> {
    const { areas, facilities: own } = this.#visibility;
    const { rows } = await this.#db.query<InboundRow>({
      name: 'inbound',
      text: INBOUND,
      values: [facilities.filter(isId), areas, own],
    });
    const lists = new Map<string, InboundRow[]>(facilities.map((facility) => [facility, []]));
    for (const row of rows) lists.get(row.facility)!.push(row);
    return facilities.map((facility) => lists.get(facility)!);
  }
}
