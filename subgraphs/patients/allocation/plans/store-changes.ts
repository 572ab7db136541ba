import type { ClientBase, Pool, PoolClient } from 'pg';
import { AT_ONCE, repeat } from '../../../../shared/personal-data/index.js';
import { DAY_MS } from '../../../../shared/time/rules.js';
import { idOrNone } from '../../../../shared/validation/rules.js';
import { type AllocationTopic, concernsDestinations } from './events.js';
import type { PlanRow } from './rows.js';
import * as statements from './statements.js';
import { planVisibilityValues, type PlanVisibility } from './visibility.js';

/** As long as events are kept for subscribers: one who reconnects in time reads the plans that were published. */
const DISCARDED_KEPT_DAYS = 7;
/** Discarded plans that one statement purges. */
const PURGED_AT_ONCE = 5;

/** Locks a plan that the caller leads, until the transaction ends; undefined for a hidden plan and for a missing one. */
export async function lockPlan(
  db: PoolClient,
  id: string,
  visibility: PlanVisibility,
): Promise<PlanRow | undefined> {
  const { rows } = await db.query<PlanRow>({
    name: 'plan-locked',
    text: statements.PLAN_LOCKED,
    values: [...planVisibilityValues(visibility), idOrNone(id)],
  });
  return rows[0];
}

/** Publishes a change of a plan, in the transaction of the change; `wasConfirming` of a plan that is discarded. */
export async function publishPlan(
  db: ClientBase,
  topic: AllocationTopic,
  plan: string,
  at: Date,
  wasConfirming = false,
): Promise<void> {
  const values = [plan, topic, at, concernsDestinations(topic, wasConfirming)];
  await db.query({ name: 'publish-plan', text: statements.PUBLISH_PLAN, values });
}

/** Deletes the entries of plans that were discarded long ago and have no open job. */
export async function purgeDiscardedPlans(db: Pool, now: Date): Promise<void> {
  const before = new Date(now.getTime() - DISCARDED_KEPT_DAYS * DAY_MS);
  const values = [now, before, PURGED_AT_ONCE];
  await db.query({ name: 'purge-discarded-plans', text: statements.PURGE_DISCARDED, values });
}

/** Redacts words that name a person in the reasons for which plans of an incident were discarded. */
export async function redactPlans(
  db: ClientBase,
  incident: string,
  words: readonly string[],
): Promise<void> {
  await db.query(statements.REDACT_PLANS, [incident, words]);
}

/** Removes the reasons for which plans were discarded before an instant. */
export function forgetPlanReasons(db: Pool, before: Date): Promise<void> {
  return repeat(async () => {
    const { rowCount } = await db.query(statements.FORGET_PLAN_REASONS, [before, AT_ONCE]);
    return rowCount ?? 0;
  });
}
