import { TRIAGE_CATEGORIES } from '../intake/rules.js';

/**
 * Topics of changes of a facility's numbers or of what it may be used for. Their events name the facility as their entity
 * and reach `capacityChanged`; all other events belong to the subscription of their own entity.
 */
export const FACILITY_TOPICS = [
  'capacity.beds-reported',
  'capacity.beds-went-stale',
  'capacity.beds-claimed',
  'capacity.beds-freed',
  'capacity.beds-held',
  'capacity.hold-released',
  'capacity.holds-recounted',
  'capacity.intake-declared',
  'capacity.alarm-plan-changed',
  'capacity.capabilities-declared',
  'capacity.care-level-declared',
  'capacity.sustainable-beds-changed',
  'capacity.sustainability-recorded',
] as const;
export type FacilityTopic = (typeof FACILITY_TOPICS)[number];

const OF_FACILITY: ReadonlySet<string> = new Set(FACILITY_TOPICS);

const CLAIM_TOPICS: ReadonlySet<string> = new Set<FacilityTopic>([
  'capacity.beds-claimed',
  'capacity.beds-freed',
]);
const INTAKE: ReadonlySet<string> = new Set(TRIAGE_CATEGORIES);

/**
 * Returns whether an event says only that slots of an intake were reserved or released: it names no category of beds, or, in events
 * of earlier releases, categories of an intake alone. Nothing changes for a subscriber who does not see how much of an intake is
 * occupied, and that the event was sent would reveal a casualty.
 */
export function isIntakeClaim({
  topic,
  tags,
}: {
  topic: string;
  tags: readonly string[];
}): boolean {
  return CLAIM_TOPICS.has(topic) && tags.every((tag) => INTAKE.has(tag));
}

/**
 * Returns whether an event says only that an hour of failure, or what is known of it, changed: nothing changes for a subscriber who
 * does not see these hours, and that the event was sent would reveal one.
 */
export function isHourOfFailure({ topic }: { topic: string }): boolean {
  return topic === ('capacity.sustainability-recorded' satisfies FacilityTopic);
}

export function isOfFacility({ topic }: { topic: string }): boolean {
  return OF_FACILITY.has(topic);
}
