import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../../shared/database/transaction.js';
import { actorOf, forbidden, may, type Caller } from '../../../../shared/identity/caller.js';
import type { Database } from '../../database/database.js';
import type { ErrandStore } from '../jobs/store.js';
import type { TriageCategory } from '../../generated/graphql.js';
import { tellCasualties } from '../../registry/incidents/telling.js';
import { unknownPatient } from '../../registry/patients/rules.js';
import { tellPatients } from '../../registry/patients/store-events.js';
import { idOrNobody, inOffice, sightOf } from '../../access/visibility.js';
import { checkNotOvertaken, endByDeath, lockActive, untilNotOvertaken } from './ending.js';
import { partiesOf } from '../lifecycle/parties.js';
import type { TransferRow } from '../lifecycle/row.js';
import { PATIENT_TO_MOVE, STORE_DEATH } from '../lifecycle/statements.js';

interface Dying {
  id: string;
  incident: string | null;
  facility: string | null;
  area: string;
  category: TriageCategory;
  diedAt: Date | null;
}

/** Records deaths: the patient's, and the end of his transfer. */
export class DeathStore {
  readonly #db: Pool;
  readonly #errands: ErrandStore;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, errands: ErrandStore, caller: Caller, now: Date) {
    this.#db = pool;
    this.#errands = errands;
    this.#caller = caller;
    this.#now = now;
  }

  async record(id: string) {
    const outcome = await untilNotOvertaken(() =>
      inTransaction(this.#db, (db) => this.#record(db, id)),
    );
    if (!('errands' in outcome)) return outcome;
    await this.#errands.runSoon(outcome.errands);
    return { __typename: 'Patient' as const, id };
  }

  async #record(db: PoolClient, id: string) {
    // Transfers are locked before patients everywhere, so first the one he has, if any.
    const transfer = await lockActive(db, this.#seen(id));
    const patient = await this.#patient(db, id);
    if (!patient) return unknownPatient(id);
    this.#permit(patient, transfer);
    await checkNotOvertaken(db, this.#seen(id), transfer);
    const by = actorOf(this.#caller);
    // Also of one who was dead already, so that nobody is left on the way.
    const errands = transfer ? await endByDeath(db, transfer, by, this.#now) : [];
    if (patient.diedAt !== null) return { errands };
    await db.query({ ...STORE_DEATH, values: [id, this.#now, by] });
    await tellPatients(db, 'patients.patient-died', [id], this.#now);
    if (patient.category !== 'EX') await tellCasualties(db, patient, this.#now);
    return { errands };
  }

  #permit({ facility, area }: Dying, transfer: TransferRow | undefined): void {
    const place = { area, ...(facility ? { facility } : {}) };
    const isHis = may(inOffice(this.#caller), 'patients:triage', place);
    if (isHis || (transfer && partiesOf(this.#caller, transfer).has('CARE'))) return;
    throw forbidden(this.#caller, 'patients:triage');
  }

  async #patient(db: PoolClient, id: string): Promise<Dying | undefined> {
    return (await db.query<Dying>({ ...PATIENT_TO_MOVE, values: this.#seen(id) })).rows[0];
  }

  #seen(id: string): unknown[] {
    const { areas, facilities } = sightOf(this.#caller);
    return [areas, facilities, idOrNobody(id)];
  }
}
