import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../shared/database/transaction.js';
import { actorOf, forbidden, may, type Caller } from '../../../shared/identity/caller.js';
import type { Database } from '../database.js';
import type { ErrandStore } from '../errands/store.js';
import { unknownPatient } from '../patients/rules.js';
import { tellPatients } from '../patients/store-events.js';
import { idOrNobody, sightOf } from '../sight/sight.js';
import { partiesOf } from './parties.js';
import type { Party } from './rules.js';
import type { TransferRow } from './row.js';
import { ACTIVE_TRANSFER, PATIENT_TO_MOVE, STORE_DEATH } from './statements.js';
import { advance, lockUnseen } from './taking.js';

const CARE: ReadonlySet<Party> = new Set(['CARE']);

interface Dying {
  id: string;
  facility: string | null;
  area: string;
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
    const outcome = await inTransaction(this.#db, (db) => this.#record(db, id));
    if (!('errands' in outcome)) return outcome;
    await this.#errands.runSoon(outcome.errands);
    return { __typename: 'Patient' as const, id };
  }

  async #record(db: PoolClient, id: string) {
    // Transfers are locked before patients everywhere, so first the one he has, if any.
    const transfer = await this.#active(db, id);
    const patient = await this.#patient(db, id);
    if (!patient) return unknownPatient(id);
    this.#permit(patient, transfer);
    if (patient.diedAt !== null) return { errands: [] };
    const by = actorOf(this.#caller);
    const errands = transfer ? await this.#end(db, transfer, by) : [];
    await db.query(STORE_DEATH, [id, this.#now, by]);
    await tellPatients(db, 'patients.patient-died', [id], this.#now);
    return { errands };
  }

  async #end(db: PoolClient, transfer: TransferRow, by: string): Promise<string[]> {
    const ended = await advance(db, transfer, CARE, { act: 'DIE', by, at: this.#now });
    if ('no' in ended) throw new Error(ended.reason);
    return ended.errands;
  }

  #permit({ facility, area }: Dying, transfer: TransferRow | undefined): void {
    const isHis = may(this.#caller, 'patients:triage', { area, ...(facility ? { facility } : {}) });
    if (isHis || (transfer && partiesOf(this.#caller, transfer).has('CARE'))) return;
    throw forbidden(this.#caller, 'patients:triage');
  }

  async #active(db: PoolClient, patient: string): Promise<TransferRow | undefined> {
    const { rows } = await db.query<{ id: string }>(ACTIVE_TRANSFER, this.#seen(patient));
    return rows[0] && lockUnseen(db, rows[0].id);
  }

  async #patient(db: PoolClient, id: string): Promise<Dying | undefined> {
    return (await db.query<Dying>(PATIENT_TO_MOVE, this.#seen(id))).rows[0];
  }

  #seen(id: string): unknown[] {
    const { areas, facilities } = sightOf(this.#caller);
    return [areas, facilities, idOrNobody(id)];
  }
}
