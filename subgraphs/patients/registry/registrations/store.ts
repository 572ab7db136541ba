import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import {
  runOnce,
  type StoredForm,
  withoutWords,
  withWords,
  wordsOf,
} from '../../../../shared/idempotency/index.js';
import { isRefused } from '../../../../shared/validation/rules.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { publish } from '../../../../shared/outbox/index.js';
import type { Database } from '../../database/database.js';
import type { RegisterCasualtiesInput } from '../../generated/graphql.js';
import { type IdentitySeal, storeIdentities } from '../identities/index.js';
import { refusalIfClosed, unknownIncident, type IncidentRow } from '../incidents/rules.js';
import { addEntry, keepIncidentOpen, CASUALTIES_CHANGED } from '../incidents/index.js';
import { positionRefusal } from '../positions/position-in-kreis.js';
import { incidentTag } from '../../access/index.js';
import { applyAssessment } from '../triage/rules.js';
import {
  tagInUse,
  judgeCasualty,
  type AcceptedCasualty,
  type Casualty,
  type CasualtyRefusal,
} from './rules.js';
import { storePatients, wearersOf, type Scene, eventOf } from '../patients/index.js';
import { storeFirstAssessments } from '../triage/index.js';

/** The outcome of one casualty, as it is stored for a repetition of the call. */
export type CasualtyOutcome =
  { __typename: 'Patient'; id: string } | ReturnType<typeof tagInUse> | CasualtyRefusal;

export interface RegistrationResult {
  __typename: 'RegisteredCasualties';
  outcomes: CasualtyOutcome[];
}

type NewPatient = AcceptedCasualty & { id: string };

/** Registers casualties set-wise: a thousand need as many statements as one. */
export class Registrations {
  readonly #db: Pool;
  readonly #seal: IdentitySeal;
  readonly #now: Date;

  constructor({ pool }: Database, seal: IdentitySeal, now: Date) {
    this.#db = pool;
    this.#seal = seal;
    this.#now = now;
  }

  /** Registers in an incident, which stays open until the transaction ends. `permit` throws if the caller lacks the right. */
  inIncident(
    id: string,
    input: RegisterCasualtiesInput,
    caller: Caller,
    permit: (incident: IncidentRow) => void,
  ) {
    const call = { caller, field: 'registerCasualties', input, now: this.#now };
    const act = async (db: PoolClient) => {
      const incident = await keepIncidentOpen(db, id);
      if (!incident) return unknownIncident(id);
      permit(incident);
      const closed = refusalIfClosed(incident);
      if (closed) return closed;
      const scene = { incident: id, facility: null, area: incident.area };
      return this.#register(db, scene, input, caller);
    };
    return runOnce(this.#db, call, act, storedFor<Awaited<ReturnType<typeof act>>>(input));
  }

  inFacility(
    { id, area }: { id: string; area: string },
    input: RegisterCasualtiesInput,
    caller: Caller,
  ) {
    const call = { caller, field: 'registerCasualties', input, now: this.#now };
    const scene = { incident: null, facility: id, area };
    const act = (db: PoolClient) => this.#register(db, scene, input, caller);
    return runOnce(this.#db, call, act, storedFor<RegistrationResult>(input));
  }

  async #register(
    db: PoolClient,
    scene: Scene,
    { casualties }: RegisterCasualtiesInput,
    caller: Caller,
  ): Promise<RegistrationResult> {
    const sections = await this.#sections(db, scene);
    const today = this.#now.toISOString().slice(0, 10);
    const verdicts = casualties.map((casualty): NewPatient | CasualtyRefusal => {
      const verdict = judgeCasualty(casualty as Casualty, sections, today);
      if (isRefused(verdict)) return verdict;
      return positionRefusal(verdict.position, scene.area) ?? { ...verdict, id: randomUUID() };
    });
    const accepted = verdicts.filter((verdict): verdict is NewPatient => !isRefused(verdict));
    const by = actorOf(caller);
    const added = await this.#store(db, scene, accepted, by);
    const inOrder = accepted.flatMap(({ id }) => (added.has(id) ? [id] : []));
    await this.#publish(db, scene, inOrder, by);
    const wearers = await wearersOf(
      db,
      scene,
      accepted.map(({ tag }) => tag),
    );
    const outcomes = verdicts.map((verdict): CasualtyOutcome => {
      if (isRefused(verdict)) return verdict;
      const { id, tag } = verdict;
      return added.has(id) ? { __typename: 'Patient', id } : tagInUse(tag, wearers.get(tag)!);
    });
    return { __typename: 'RegisteredCasualties', outcomes };
  }

  /** Returns the ids of the patients whose tag was free. */
  async #store(db: PoolClient, scene: Scene, patients: readonly NewPatient[], by: string) {
    const added = await storePatients(db, scene, patients.map(this.#columns), {
      at: this.#now,
      by,
    });
    const stored = patients.filter(({ id }) => added.has(id));
    await this.#storeIdentities(db, stored);
    await storeFirstAssessments(db, stored, { at: this.#now, by });
    return added;
  }

  readonly #columns = (patient: NewPatient) => {
    const { identity: _, position, section: sectionId, ...columns } = patient;
    return {
      ...columns,
      sectionId,
      ...applyAssessment({ diedAt: null }, patient, this.#now),
      latitude: position?.latitude ?? null,
      longitude: position?.longitude ?? null,
    };
  };

  async #storeIdentities(db: PoolClient, patients: readonly NewPatient[]): Promise<void> {
    const sealed = patients.flatMap(({ id, identity }) =>
      identity ? [{ id, ...this.#seal.seal(id, identity) }] : [],
    );
    await storeIdentities(db, sealed);
  }

  async #publish(db: PoolClient, scene: Scene, ids: readonly string[], by: string): Promise<void> {
    if (ids.length === 0) return;
    const facilities = scene.facility === null ? [] : [scene.facility];
    const registered = ids.map((id) =>
      eventOf({ id, ...scene, facilities }, 'patients.patient-registered', this.#now),
    );
    await publish(db, registered);
    if (scene.incident === null) return;
    const { incident: entity, area } = scene;
    const text = `${ids.length} casualties registered.`;
    const kind = 'CASUALTIES_REGISTERED';
    await addEntry(db, { incident: entity, kind, at: this.#now, by, text });
    const tags = [incidentTag(entity)];
    await publish(db, [{ topic: CASUALTIES_CHANGED, entity, area, tags, at: this.#now }]);
  }

  async #sections(db: PoolClient, { incident }: Scene): Promise<Set<string>> {
    const { rows } = await db.query<{ id: string }>(
      'SELECT id FROM incident_section WHERE incident_id = $1',
      [incident],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

/** Stores outcomes for a repetition of the call; refusals without the tag and other words of the input. */
function storedFor<Outcome extends object>({
  casualties,
}: RegisterCasualtiesInput): StoredForm<Outcome> {
  const each = (outcome: object, map: typeof withWords) => {
    const { outcomes, ...rest } = outcome as RegistrationResult;
    return {
      ...rest,
      outcomes: outcomes.map((one, position) =>
        isRefused(one) ? map(one, wordsOf(casualties[position])) : one,
      ),
    };
  };
  return {
    reduce: (outcome) => each(outcome, withoutWords),
    restore: (stored) => each(stored, withWords) as Outcome,
  };
}
