import DataLoader from 'dataloader';
import type { ClientBase, Pool } from 'pg';
import { inTransaction, omit, selectionOf } from '../../../shared/database/index.js';
import {
  type Call,
  type IdempotencyKeyReused,
  runOnce,
} from '../../../shared/idempotency/index.js';
import { type NewEvent, publish, publishing } from '../../../shared/outbox/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { isRefused, isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import { lockFacilities, type LocatedFacility } from '../facilities/index.js';
import { alarmPlanColumns } from '../generated/columns.js';
import type { AlarmPlan } from '../generated/graphql.js';
import type { AlarmPlan as AlarmPlanRow } from '../generated/prisma/client.js';
import type { AlarmPlanTopic } from './events.js';
import type { AcceptedActivation, ActivationRefusal } from './rules.js';

export type ActivationOutcome =
  { __typename: 'Facility'; id: string } | ActivationRefusal | IdempotencyKeyReused;

export class AlarmPlanStore {
  readonly #pool: Pool;
  readonly #prisma: Database['prisma'];
  readonly #now: Date;
  readonly #active: DataLoader<string, AlarmPlan | undefined>;

  constructor({ pool, prisma }: Database, now: Date) {
    this.#pool = pool;
    this.#prisma = prisma;
    this.#now = now;
    this.#active = new DataLoader(async (facilities) => {
      const active = await this.#load(this.#pool, facilities);
      return facilities.map((facility) => active.get(facility));
    });
  }

  /** The alarm plan that the facility runs now. */
  of(facility: string): Promise<AlarmPlan | undefined> {
    return this.#active.load(facility);
  }

  /** The facility that ran or runs the alarm plan with this id. */
  async facilityOf(alarmPlan: string): Promise<LocatedFacility | undefined> {
    if (!isUuid(alarmPlan)) return undefined;
    const found = await this.#prisma.alarmPlan.findUnique({
      where: { id: alarmPlan },
      select: { facility: true },
    });
    return found?.facility;
  }

  /** Stores what `judge` accepts, under the facility's lock: of two who activate at once only one does. */
  async activate(
    call: Call,
    facility: LocatedFacility,
    judge: (active: AlarmPlan | undefined) => AcceptedActivation | ActivationRefusal,
  ): Promise<ActivationOutcome> {
    const outcome = await runOnce(this.#pool, call, async (db) => {
      await lockFacilities(db, [facility.id]);
      const verdict = judge((await this.#load(db, [facility.id])).get(facility.id));
      if (isRefused(verdict)) return verdict;
      await db.query({
        name: 'activate-alarm-plan',
        text: `INSERT INTO alarm_plan (facility_id, reason, until, activated_at, activated_by)
               VALUES ($1, $2, $3, $4, $5)`,
        values: [facility.id, verdict.reason, verdict.until, this.#now, actorOf(call.caller)],
      });
      await publish(db, [this.#changed(facility)]);
      return { __typename: 'Facility' as const, id: facility.id };
    });
    this.#active.clearAll();
    return outcome;
  }

  /** Ends one that still runs; under the facility's lock, because it takes limits unavailable. */
  async end(alarmPlan: string, facility: LocatedFacility, caller: Caller): Promise<void> {
    await inTransaction(this.#pool, async (db) => {
      await lockFacilities(db, [facility.id]);
      const { rowCount } = await db.query({
        name: 'end-alarm-plan',
        text: `UPDATE alarm_plan SET ended_at = $2, ended_by = $3, end_told = true
               WHERE id = $1 AND ended_at IS NULL AND until > $2`,
        values: [alarmPlan, this.#now, actorOf(caller)],
      });
      if (rowCount) await publish(db, [this.#changed(facility)]);
    });
    this.#active.clearAll();
  }

  /** Writes an event for every alarm plan that has ended by itself since the last call, from whatever process. */
  async publishEnded(): Promise<void> {
    await this.#pool.query(PUBLISH_ENDED, [this.#now]);
  }

  #changed({ id, area }: LocatedFacility): NewEvent {
    return {
      topic: 'capacity.alarm-plan-changed' satisfies AlarmPlanTopic,
      entity: id,
      area,
      tags: [],
      at: this.#now,
    };
  }

  async #load(
    db: Pool | ClientBase,
    facilities: readonly string[],
  ): Promise<Map<string, AlarmPlan>> {
    const { rows } = await db.query<Pick<AlarmPlanRow, keyof typeof ALARM_PLAN>>({
      name: 'active-alarm-plans',
      text: `SELECT ${selectionOf(ALARM_PLAN, 'a')} FROM alarm_plan a
             WHERE a.facility_id = ANY($1::uuid[]) AND a.until > $2 AND a.ended_at IS NULL`,
      values: [facilities, this.#now],
    });
    return new Map(rows.map(({ facilityId, ...plan }) => [facilityId, plan]));
  }
}

/** An alarm plan as it is shown: without the persons. */
const ALARM_PLAN = omit(alarmPlanColumns, 'activatedBy', 'endedAt', 'endedBy', 'endTold');

/** Rows that another process is publishing are left to it. */
const PUBLISH_ENDED = `
WITH ended AS (
  UPDATE alarm_plan SET end_told = true
  WHERE id IN (SELECT id FROM alarm_plan WHERE until <= $1 AND NOT end_told FOR UPDATE SKIP LOCKED)
  RETURNING facility_id
)
${publishing(`
SELECT 'capacity.alarm-plan-changed', f.id::text, f.area, '{}'::text[], $1::timestamptz
FROM facility f WHERE f.id IN (SELECT facility_id FROM ended) ORDER BY f.id`)}`;
