import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../../shared/database/index.js';
import { runOnce } from '../../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { publish } from '../../../../shared/outbox/index.js';
import { identifyingText } from '../../../../shared/text/index.js';
import { isUuid, type Refusal } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import type { DeclareIncidentInput, OpenSectionInput } from '../../generated/graphql.js';
import { incidentTag } from '../../access/index.js';
import {
  sectionExists,
  isRepetition,
  unknownIncident,
  type ChangedIncident,
  type TimelineEntry,
  type IncidentRow,
  type SectionRow,
} from './rules.js';
import {
  CHANGE_INCIDENT,
  INCIDENT_LOCKED,
  NEWEST_ENTRY,
  SECTIONS_OF,
  STORE_INCIDENT,
  STORE_SECTION,
} from './statements.js';
import { addEntry } from './store-entries.js';
import type { IncidentStore } from './store.js';

/** The outcome of a change, as it is stored for a repetition of the call. */
interface Reference {
  __typename: 'Incident';
  id: string;
}

/** Changes incidents. Each change, its entry in the timeline and its event are written in one transaction. */
export class IncidentChanges {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #incidents: IncidentStore;

  /** `incidents` drops its cached reads of an incident that changes. */
  constructor({ pool }: Database, now: Date, incidents: IncidentStore) {
    this.#db = pool;
    this.#now = now;
    this.#incidents = incidents;
  }

  /** Stores a new incident, once per idempotency key. */
  declare(input: DeclareIncidentInput, caller: Caller) {
    const call = { caller, field: 'declareIncident', input, now: this.#now };
    return runOnce(this.#db, call, async (db) => {
      const { hazard, area, position, estimatedCasualties } = input;
      const name = input.name.trim();
      const by = actorOf(caller);
      const { rows } = await db.query<{ id: string }>(STORE_INCIDENT, [
        name,
        hazard,
        area,
        position.latitude,
        position.longitude,
        estimatedCasualties ?? null,
        this.#now,
        by,
      ]);
      const { id } = rows[0]!;
      return this.#record(db, by, {
        row: { id, area },
        topic: 'patients.incident-declared',
        kind: 'DECLARED',
        text: `Declared: ${name}.`,
      });
    });
  }

  /** Adds a section, once per idempotency key, unless `refusal` returns a refusal for the locked incident. */
  openSection<Refused extends Refusal>(
    input: OpenSectionInput,
    caller: Caller,
    refusal: (incident: IncidentRow) => Refused | undefined,
  ) {
    const call = { caller, field: 'openSection', input, now: this.#now };
    return runOnce(this.#db, call, async (db) => {
      const incident = await this.#lock(db, input.incident);
      if (!incident) return unknownIncident(input.incident);
      const refused = refusal(incident);
      if (refused) return refused;
      const name = identifyingText(input.name).trim();
      const { kind, position } = input;
      const where = [position?.latitude ?? null, position?.longitude ?? null];
      const values = [incident.id, name, kind, this.#now, ...where];
      const { rowCount } = await db.query(STORE_SECTION, values);
      if (rowCount === 0) return sectionExists(await this.#section(db, incident.id, name));
      return this.#record(db, actorOf(caller), {
        row: incident,
        topic: 'patients.incident-section-opened',
        kind: 'SECTION_OPENED',
        text: `Section opened: ${name}.`,
      });
    });
  }

  /**
   * Applies the decision of `decide` to an incident under its lock, so that the second of two concurrent changes sees the first.
   * A change whose entry would repeat the newest one of its kind changes nothing.
   */
  change<Refused extends Refusal>(
    id: string,
    caller: Caller,
    entry: TimelineEntry,
    decide: (incident: IncidentRow) => ChangedIncident | Refused,
  ) {
    return inTransaction(this.#db, async (db) => {
      const incident = await this.#lock(db, id);
      if (!incident) return unknownIncident(id);
      const newest = await db.query<{ by: string; text: string }>(NEWEST_ENTRY, [id, entry.kind]);
      if (isRepetition(entry, actorOf(caller), newest.rows[0])) {
        return { __typename: 'Incident' as const, id };
      }
      const verdict = decide(incident);
      if (!isChange(verdict)) return verdict;
      const { leadingArea, estimatedCasualties, status, closedAt } = verdict.row;
      const values = [id, leadingArea, estimatedCasualties, status, closedAt];
      await db.query(CHANGE_INCIDENT, values);
      return this.#record(db, actorOf(caller), verdict);
    });
  }

  async #lock(db: PoolClient, id: string): Promise<IncidentRow | undefined> {
    if (!isUuid(id)) return undefined;
    const { rows } = await db.query<IncidentRow>(INCIDENT_LOCKED, [id]);
    return rows[0];
  }

  async #section(db: PoolClient, incident: string, name: string): Promise<SectionRow> {
    const { rows } = await db.query<SectionRow>(SECTIONS_OF, [[incident]]);
    return rows.find((section) => section.name === name)!;
  }

  /** Writes the entry of the timeline and publishes the event. */
  async #record(
    db: PoolClient,
    by: string,
    changed: Omit<ChangedIncident, 'row'> & { row: Pick<IncidentRow, 'id' | 'area'> },
  ): Promise<Reference> {
    const { topic, kind, text } = changed;
    const { id, area } = changed.row;
    await addEntry(db, { incident: id, kind, at: this.#now, by, text });
    await publish(db, [{ topic, entity: id, area, tags: [incidentTag(id)], at: this.#now }]);
    this.#incidents.forget(id);
    return { __typename: 'Incident', id };
  }
}

function isChange(verdict: ChangedIncident | Refusal): verdict is ChangedIncident {
  return 'row' in verdict;
}
