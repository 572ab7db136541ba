import { type OutboxEvent, type TaggedEvent, tagValues } from '../../../shared/outbox/index.js';

/** Topics of the changes of a lifeline. Their events name the lifeline as their entity and are tagged with `facility` and `kind`. */
export type LifelineTopic = 'supply.lifeline-changed' | 'supply.lifeline-threshold-passed';

export function isOfLifeline({ topic }: Pick<OutboxEvent, 'topic'>): boolean {
  return topic.startsWith('supply.lifeline-');
}

/** Returns the id of the facility of an event; the empty text where it names none. */
export function facilityOf(event: TaggedEvent): string {
  const [facility = ''] = tagValues(event, 'facility');
  return facility;
}

/** Whether the lifeline fails within this number of hours after the change, or did before it; always where no hours are named. */
export function concernsHours(event: TaggedEvent, below: number | null | undefined): boolean {
  if (below == null) return true;
  return tagValues(event, 'minutes').some((minutes) => Number(minutes) <= below * 60);
}
