import type { AlarmPlanTopic } from '../alarm-plans/index.js';
import type { BedTopic } from '../beds/index.js';
import type { CapabilityTopic } from '../capabilities/index.js';
import type { CareLevelTopic } from '../care-levels/index.js';
import type { HoldTopic } from '../holds/index.js';
import type { IntakeTopic } from '../intake/index.js';
import { TRIAGE_CATEGORIES } from '../intake/rules.js';
import type { RecountTopic } from '../phases/index.js';
import type { ClaimTopic } from '../reservations/index.js';
import type { SustainabilityTopic } from '../sustainability/index.js';

/**
 * Topics of changes of a facility's numbers or of what it may be used for, by the concept that publishes them. Their events name the
 * facility as their entity and reach `capacityChanged`; all other events belong to the subscription of their own entity.
 */
type FacilityTopic =
  | AlarmPlanTopic
  | BedTopic
  | CapabilityTopic
  | CareLevelTopic
  | ClaimTopic
  | HoldTopic
  | IntakeTopic
  | RecountTopic
  | SustainabilityTopic;

const OF_FACILITY: Readonly<Record<FacilityTopic, true>> = {
  'capacity.beds-reported': true,
  'capacity.beds-went-stale': true,
  'capacity.beds-claimed': true,
  'capacity.beds-freed': true,
  'capacity.beds-held': true,
  'capacity.hold-released': true,
  'capacity.holds-recounted': true,
  'capacity.intake-declared': true,
  'capacity.alarm-plan-changed': true,
  'capacity.capabilities-declared': true,
  'capacity.care-level-declared': true,
  'capacity.sustainable-beds-changed': true,
  'capacity.sustainability-recorded': true,
};

const CLAIM_TOPICS: ReadonlySet<string> = new Set<ClaimTopic>([
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
  return topic === ('capacity.sustainability-recorded' satisfies SustainabilityTopic);
}

export function isOfFacility({ topic }: { topic: string }): boolean {
  return Object.hasOwn(OF_FACILITY, topic);
}
