import type { ClientBase } from 'pg';
import { PUBLISH_PLAN } from './statements.js';

/** What changes a plan; its id is the entity. All of them reach `allocationChanged`. */
export type AllocationTopic =
  | 'patients.allocation-proposed'
  | 'patients.allocation-confirming'
  | 'patients.allocation-confirmed'
  | 'patients.allocation-discarded';

export function isOfPlan({ topic }: { topic: string }): boolean {
  return topic.startsWith('patients.allocation-');
}

/**
 * Tells those who lead of a plan; once it is confirmed also the houses and areas that patients are sent to, and when it is
 * dropped thereafter (`wasTold`).
 */
export async function publishPlan(
  db: ClientBase,
  topic: AllocationTopic,
  plan: string,
  at: Date,
  wasPublished = false,
): Promise<void> {
  const toDestinations =
    wasPublished ||
    topic === 'patients.allocation-confirming' ||
    topic === 'patients.allocation-confirmed';
  await db.query({
    name: 'tell-plan',
    text: PUBLISH_PLAN,
    values: [plan, topic, at, toDestinations],
  });
}
