import type { Pool, PoolClient } from 'pg';
import { actorOf, type Caller, forbidden, may } from '../../../../shared/identity/index.js';
import { runOnce } from '../../../../shared/idempotency/index.js';
import { idOrNone } from '../../../../shared/validation/rules.js';
import { limitToLedAreas, patientVisibilityOf } from '../../access/index.js';
import { withConcerns } from '../../audit/index.js';
import { unknownPatient } from '../../registry/rules.js';
import type { Database } from '../../database/database.js';
import { orInUse, slotRefusal, type Destination } from '../destinations/index.js';
import { alreadyThere } from '../destinations/rules.js';
import type { RequestTransferInput } from '../../generated/graphql.js';
import {
  createMany,
  type PatientToMove,
  type TransferStore,
  activeTransferOf,
  PATIENT_TO_MOVE,
} from '../lifecycle/index.js';
import { readinessOf, pathOfCreation } from '../lifecycle/rules.js';
import { notAtScene, notToBeMoved, notTransportable } from './rules.js';

/** Creates transfers on request. */
export class RequestStore {
  readonly #db: Pool;
  readonly #transfers: TransferStore;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, transfers: TransferStore, caller: Caller, now: Date) {
    this.#db = pool;
    this.#transfers = transfers;
    this.#caller = caller;
    this.#now = now;
  }

  /**
   * Requests a transfer, once per key. It holds the patient's lock, so that of two requests at once the second finds
   * the transfer of the first; a unique index holds the same rule.
   */
  async request(input: RequestTransferInput, to: Destination | undefined) {
    const call = { caller: this.#caller, field: 'requestTransfer', input, now: this.#now };
    const stored = runOnce(this.#db, call, async (db) => {
      const patient = await this.#lock(db, input.patient);
      if (!patient) return unknownPatient(input.patient);
      this.#permit(patient);
      const active = await this.#active(db, patient.id);
      if (active) return active;
      const isBedNamed = input.bedCategory != null;
      const request = { bedCategory: input.bedCategory ?? null, patientCategory: patient.category };
      const refused =
        notAtScene(input.kind, patient.facilityId) ??
        notTransportable(patient.category, patient.diedAt !== null, isBedNamed) ??
        notToBeMoved(patient, input.kind) ??
        (to && alreadyThere({ ...NO_DESTINATION, fromFacility: patient.facilityId }, to.id)) ??
        (to && (await slotRefusal(db, to, request, { transfer: null, by: actorOf(this.#caller) })));
      return refused ?? this.#store(db, patient, input, to);
    });
    const outcome = await (to ? orInUse(to, stored) : stored);
    if (outcome.__typename === 'Transfer') {
      const { reason } = input;
      const request = { transfer: outcome.id, ...(reason == null ? {} : { reason }) };
      return this.#transfers.acted({ act: 'REQUEST_DESTINATION', input: request });
    }
    const refusal = withConcerns(outcome, { id: input.patient });
    if (refusal.__typename !== 'TransferExists') return refusal;
    return { ...refusal, transfer: (await this.#transfers.find(refusal.transfer)) ?? null };
  }

  #permit({ facilityId: facility, fromArea }: PatientToMove): void {
    const origin = { area: fromArea, ...(facility ? { facility } : {}) };
    if (!may(limitToLedAreas(this.#caller), 'transfers:request', origin)) {
      throw forbidden(this.#caller, 'transfers:request');
    }
  }

  async #lock(db: PoolClient, id: string): Promise<PatientToMove | undefined> {
    const { areas, facilities } = patientVisibilityOf(this.#caller);
    const values = [areas, facilities, idOrNone(id)];
    return (await db.query<PatientToMove>({ ...PATIENT_TO_MOVE, values })).rows[0];
  }

  async #active(db: PoolClient, patient: string) {
    const id = await activeTransferOf(db, patientVisibilityOf(this.#caller), patient);
    if (id === undefined) return undefined;
    return {
      __typename: 'TransferExists' as const,
      message: `The patient has the transfer ${id}, which has not ended. Request its next destination, or cancel it first.`,
      transfer: id,
    };
  }

  async #store(
    db: PoolClient,
    patient: PatientToMove,
    { kind, bedCategory, reason }: RequestTransferInput,
    to: Destination | undefined,
  ) {
    const { fromArea } = patient;
    const readiness = readinessOf({ kind, fromArea, toArea: to?.area ?? null }, []);
    const created = await createMany(
      db,
      [
        {
          patient: patient.id,
          to: to ? { facility: to.id, area: to.area } : null,
          reserved: to?.reservation
            ? { reservation: to.reservation.id, item: to.reservation.item }
            : null,
          reason: reason ?? null,
        },
      ],
      {
        kind,
        bedCategory: bedCategory ?? null,
        act: 'REQUEST_DESTINATION',
        isApproved: false,
        path: pathOfCreation(readiness, false),
        published: 'REQUESTED',
        by: actorOf(this.#caller),
        at: this.#now,
      },
    );
    return { __typename: 'Transfer' as const, id: created.get(patient.id)! };
  }
}

const NO_DESTINATION = { toFacility: null, status: 'REQUESTED' } as const;
