import type { OutboxEvent } from '../../../../shared/outbox/index.js';

const PREFIX = 'supply.lifeline-';
const FACILITY = 'facility:';
const MINUTES = 'minutes:';
/** More than ten years: no hour of failure lies further ahead. */
const MOST_HOURS = 100_000;

export function isOfLifeline({ topic }: Pick<OutboxEvent, 'topic'>): boolean {
  return topic.startsWith(PREFIX);
}

/** Returns the id of the facility of an event; the empty text where it names none. */
export function facilityOf({ tags }: Pick<OutboxEvent, 'tags'>): string {
  return tags.find((tag) => tag.startsWith(FACILITY))?.slice(FACILITY.length) ?? '';
}

/** Whether the lifeline fails within this number of hours after the change, or did before it; always where no hours are named. */
export function concernsHours(
  { tags }: Pick<OutboxEvent, 'tags'>,
  below: number | null | undefined,
): boolean {
  if (below == null) return true;
  return tags.some(
    (tag) => tag.startsWith(MINUTES) && Number(tag.slice(MINUTES.length)) <= below * 60,
  );
}

/** Returns what is wrong with a limit of hours, as a sentence for the caller; undefined when nothing is. */
export function belowFault(below: number | null | undefined): string | undefined {
  if (below == null || (below >= 0 && below <= MOST_HOURS)) return undefined;
  return `below is a number of hours from 0 to ${MOST_HOURS}; received ${below}.`;
}
