import type { Pool, PoolClient } from 'pg';
import { inTransaction, omit, selectionOf } from '../../../shared/database/index.js';
import {
  type Call,
  type IdempotencyKeyReused,
  runOnce,
} from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { publish, tagOf } from '../../../shared/outbox/index.js';
import { isRefused, isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import { phaseDeclarationColumns } from '../generated/columns.js';
import type {
  PhaseDeclarationExists,
  DeclarePhaseInput,
  PhaseDeclarationEnded,
} from '../generated/graphql.js';
import type { PhaseTopic } from './events.js';
import { publishRecount } from './store-recount.js';
import { lockPhases } from './store-lock.js';
import {
  phaseDeclarationExists,
  phaseDeclarationEnded,
  overlap,
  type DeclaredPhase,
  type WithDeclaration,
} from './rules.js';

export type { DeclaredPhase };
/** A declaration as a member of a union. */
type Outcome = DeclaredPhase & { __typename: 'PhaseDeclaration' };

const COLUMNS = selectionOf(omit(phaseDeclarationColumns, 'seq'), 'phase_declaration');

export class PhaseStore {
  readonly #pool: Pool;
  readonly #prisma: Database['prisma'];
  readonly #now: Date;
  #inForce: Promise<DeclaredPhase[]> | undefined;

  constructor({ pool, prisma }: Database, now: Date) {
    this.#pool = pool;
    this.#prisma = prisma;
    this.#now = now;
  }

  async find(id: string): Promise<DeclaredPhase | null> {
    return isUuid(id) ? this.#prisma.phaseDeclaration.findUnique({ where: { id } }) : null;
  }

  /** The declaration of a row that is known to exist. */
  get(id: string): Promise<DeclaredPhase> {
    return this.#prisma.phaseDeclaration.findUniqueOrThrow({ where: { id } });
  }

  /** Returns the declarations in force somewhere in these areas or around them, strictest first, then oldest first. */
  async bearingOn(areas: readonly string[]): Promise<DeclaredPhase[]> {
    // All that is in force is read at once: a country in several crises has some dozens, and every region asks.
    this.#inForce ??= this.#readInForce();
    const declared = await this.#inForce;
    return declared.filter(({ area }) => areas.some((other) => overlap(area, other)));
  }

  /** Puts a phase in force, once per area, phase and hazard, and publishes whose held beds count from now on. */
  async declare(
    call: Call & { input: DeclarePhaseInput },
  ): Promise<Outcome | WithDeclaration<PhaseDeclarationExists> | IdempotencyKeyReused> {
    const outcome = await runOnce(this.#pool, call, (db) => this.#declare(db, call));
    this.#inForce = undefined;
    return isRefused(outcome) ? outcome : this.#outcome(outcome.id);
  }

  /** Ends a declaration. A repeated call gets the result of the first; another caller's other reason is refused. */
  async end(
    id: string,
    reason: string,
    caller: Caller,
  ): Promise<Outcome | WithDeclaration<PhaseDeclarationEnded>> {
    const isNew = await inTransaction(this.#pool, (db) => this.#end(db, id, reason, caller));
    this.#inForce = undefined;
    const outcome = await this.#outcome(id);
    const isRepeated = outcome.endReason === reason && outcome.endedBy === actorOf(caller);
    return isNew || isRepeated ? outcome : phaseDeclarationEnded(outcome);
  }

  async #declare(db: PoolClient, { caller, input }: Call & { input: DeclarePhaseInput }) {
    const { area, phase, hazard, legalBasis } = input;
    await lockPhases(db);
    const { rows } = await db.query<DeclaredPhase>(
      `INSERT INTO phase_declaration (area, phase, hazard, legal_basis, declared_at, declared_by)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (area, phase, hazard) WHERE ended_at IS NULL DO NOTHING RETURNING ${COLUMNS}`,
      [area, phase, hazard, legalBasis, this.#now, actorOf(caller)],
    );
    if (!rows[0]) return phaseDeclarationExists(await standing(db, input));
    await this.#publish(db, 'capacity.phase-declared', rows[0]);
    return { __typename: 'PhaseDeclaration' as const, id: rows[0].id };
  }

  async #end(db: PoolClient, id: string, reason: string, caller: Caller): Promise<boolean> {
    await lockPhases(db);
    const { rows } = await db.query<DeclaredPhase>(
      `UPDATE phase_declaration SET ended_at = $2, ended_by = $3, end_reason = $4
       WHERE id = $1 AND ended_at IS NULL RETURNING ${COLUMNS}`,
      [id, this.#now, actorOf(caller), reason],
    );
    if (!rows[0]) return false;
    await this.#publish(db, 'capacity.phase-ended', rows[0]);
    return true;
  }

  /** One event for the declaration, and one for each facility whose held beds it makes count or not count. */
  async #publish(
    db: PoolClient,
    topic: PhaseTopic,
    { id, area, phase, hazard }: DeclaredPhase,
  ): Promise<void> {
    await publish(db, [
      {
        topic,
        entity: id,
        area,
        tags: [tagOf('phase', phase), tagOf('hazard', hazard)],
        at: this.#now,
      },
    ]);
    await publishRecount(db, id, this.#now);
  }

  async #outcome(id: string): Promise<Outcome> {
    return { __typename: 'PhaseDeclaration', ...(await this.get(id)) };
  }

  #readInForce(): Promise<DeclaredPhase[]> {
    return this.#prisma.phaseDeclaration.findMany({
      // By what stands there and not by a clock, see phase_at.
      where: { endedAt: null },
      orderBy: [{ phase: 'desc' }, { declaredAt: 'asc' }, { seq: 'asc' }],
    });
  }
}

/** Selects the declaration that is in force already where an equal one is made. */
async function standing(
  db: PoolClient,
  { area, phase, hazard }: DeclarePhaseInput,
): Promise<DeclaredPhase> {
  const { rows } = await db.query<DeclaredPhase>(
    `SELECT ${COLUMNS} FROM phase_declaration
     WHERE area = $1 AND phase = $2 AND hazard = $3 AND ended_at IS NULL`,
    [area, phase, hazard],
  );
  return rows[0]!;
}
