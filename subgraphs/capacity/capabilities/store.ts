import DataLoader from 'dataloader';
import type { ClientBase, Pool } from 'pg';
import { listLoader, omit, selectionOf } from '../../../shared/database/index.js';
import {
  type Call,
  type IdempotencyKeyReused,
  runOnce,
} from '../../../shared/idempotency/index.js';
import { isRefused } from '../../../shared/validation/rules.js';
import { actorOf } from '../../../shared/identity/index.js';
import { publish } from '../../../shared/outbox/index.js';
import type { Database } from '../database/database.js';
import { lockFacilities, type LocatedFacility, setDeclared } from '../facilities/index.js';
import { capabilityDeclarationColumns } from '../generated/columns.js';
import type { CapabilityDeclaration } from '../generated/graphql.js';
import type { CapabilityDeclaration as Declaration } from '../generated/prisma/client.js';
import type { CapabilityTopic } from './events.js';
import { supersedes, type AcceptedCapabilities, type CapabilitiesRefusal } from './rules.js';

/** The known capabilities of a facility: as declared, and what a map shows. */
export interface KnownCapabilities extends Pick<
  Declaration,
  'capabilities' | 'traumaLevel' | 'childrenOnly'
> {
  /** Whether the declaration in force is modelled: nobody of the facility has said it. */
  isModelled: boolean;
}

const NOTHING_KNOWN: KnownCapabilities = {
  capabilities: [],
  traumaLevel: null,
  childrenOnly: false,
  isModelled: false,
};

export type CapabilitiesOutcome =
  { __typename: 'Facility'; id: string } | CapabilitiesRefusal | IdempotencyKeyReused;

/** The most sources that are shown of one facility, the newest. */
const MOST_SHOWN = 20;

export class CapabilityStore {
  readonly #pool: Pool;
  readonly #now: Date;
  readonly #known: DataLoader<string, KnownCapabilities>;
  readonly #declared: DataLoader<string, DeclarationRow[]>;

  constructor({ pool }: Database, now: Date) {
    this.#pool = pool;
    this.#now = now;
    this.#known = new DataLoader((facilities) => this.#loadKnown(facilities));
    this.#declared = listLoader(
      (facilities) => this.#loadDeclared(facilities),
      ({ facilityId }) => facilityId,
    );
  }

  of(facility: string): Promise<KnownCapabilities> {
    return this.#known.load(facility);
  }

  /** The newest declaration of each source, the one in force first. */
  declarationsOf(facility: string): Promise<CapabilityDeclaration[]> {
    return this.#declared.load(facility);
  }

  /** Stores what `judge` accepts, under the facility's lock: its trauma level changes what it takes. */
  async declare(
    call: Call,
    { id, area }: LocatedFacility,
    judge: () => AcceptedCapabilities | CapabilitiesRefusal,
  ): Promise<CapabilitiesOutcome> {
    const outcome = await runOnce(this.#pool, call, async (db) => {
      await lockFacilities(db, [id]);
      const verdict = judge();
      if (isRefused(verdict)) return verdict;
      await this.#store(db, call, id, verdict);
      await publish(db, [
        {
          topic: 'capacity.capabilities-declared' satisfies CapabilityTopic,
          entity: id,
          area,
          tags: [],
          at: this.#now,
        },
      ]);
      return { __typename: 'Facility' as const, id };
    });
    this.#known.clearAll();
    this.#declared.clearAll();
    return outcome;
  }

  async #store(
    db: ClientBase,
    { caller }: Call,
    facility: string,
    declared: AcceptedCapabilities,
  ): Promise<void> {
    const { source, method, traumaLevel, capabilities, childrenOnly } = declared;
    const { rows } = await db.query<Pick<Declaration, 'method'>>({
      name: 'capabilities-in-force',
      text: `SELECT c.method FROM facility f JOIN capability_declaration c ON c.id = f.declared_id WHERE f.id = $1`,
      values: [facility],
    });
    const stored = await db.query<{ id: string }>({
      name: 'store-capabilities',
      text: STORE_CAPABILITIES,
      values: [
        facility,
        source,
        method,
        traumaLevel,
        capabilities,
        this.#now,
        actorOf(caller),
        childrenOnly ?? false,
      ],
    });
    if (supersedes(declared, rows[0])) await setDeclared(db, facility, stored.rows[0]!.id);
  }

  async #loadKnown(facilities: readonly string[]): Promise<KnownCapabilities[]> {
    const { rows } = await this.#pool.query<KnownCapabilities & { id: string }>({
      name: 'known-capabilities',
      text: `SELECT f.id, c.trauma_level AS "traumaLevel", coalesce(c.children_only, false) AS "childrenOnly",
               coalesce(c.method = 'MODELLED', false) AS "isModelled",
               ARRAY(SELECT DISTINCT known FROM unnest(f.capabilities || c.capabilities) AS known ORDER BY known)::text[]
                 AS capabilities
             FROM facility f LEFT JOIN capability_declaration c ON c.id = f.declared_id
             WHERE f.id = ANY($1::uuid[])`,
      values: [facilities],
    });
    const known = new Map(rows.map(({ id, ...row }) => [id, row]));
    return facilities.map((id) => known.get(id) ?? NOTHING_KNOWN);
  }

  async #loadDeclared(facilities: readonly string[]): Promise<DeclarationRow[]> {
    const { rows } = await this.#pool.query<DeclarationRow>({
      name: 'capability-declarations',
      text: DECLARATIONS,
      values: [facilities, MOST_SHOWN],
    });
    return rows;
  }
}

const STORE_CAPABILITIES = `
INSERT INTO capability_declaration (facility_id, source, method, trauma_level, capabilities, declared_at, declared_by,
  children_only)
VALUES ($1, $2, $3, $4, $5::"Capability"[], $6, $7, $8) RETURNING id`;

/** A declaration as it is shown: without the person. */
const DECLARATION = omit(capabilityDeclarationColumns, 'declaredBy', 'seq');
type DeclarationRow = Pick<Declaration, keyof typeof DECLARATION> & { inForce: boolean };

const DECLARATIONS = `
SELECT ${selectionOf(DECLARATION, 'shown')}, shown."inForce" FROM (
  SELECT newest.*, row_number() OVER (
    PARTITION BY facility_id ORDER BY "inForce" DESC, declared_at DESC, seq DESC) AS position
  FROM (
    SELECT DISTINCT ON (c.facility_id, c.source) c.*, c.id IS NOT DISTINCT FROM f.declared_id AS "inForce"
    FROM capability_declaration c JOIN facility f ON f.id = c.facility_id
    WHERE c.facility_id = ANY($1::uuid[])
    ORDER BY c.facility_id, c.source, c.id IS NOT DISTINCT FROM f.declared_id DESC, c.declared_at DESC, c.seq DESC
  ) newest
) shown WHERE position <= $2 ORDER BY facility_id, position`;
