import type { SubgraphClient } from '../../../../shared/subgraph-client/index.js';
import {
  AllocationFacilitiesDocument,
  type AllocationFacilitiesQuery,
  AllocationLimitsDocument,
  ReleaseForAllocationDocument,
  type ReserveBedsInput,
  ReserveForAllocationDocument,
  type ReserveForAllocationMutation,
} from '../../capacity-client/index.js';
import type { TriageCategory } from '../../generated/graphql.js';

/** Most items that capacity accepts in one request. */
const MOST_ITEMS = 10_000;
/**
 * Time limit of a reservation of thousands: 10,000 slots took capacity 0.7 s on an idle machine, and under load other requests
 * go first. An earlier end would only leave to the job loop what capacity is doing already.
 */
const RESERVE_TIMEOUT_MS = 30_000;
/** An end that capacity always refuses. */
const IN_THE_PAST = '2000-01-01T00:00:00Z';

/** An intake slot to reserve. */
export interface RequestedSlot {
  facility: string;
  category: TriageCategory;
  /** Minutes of the way, by the plan. */
  minutes: number;
  /** Whether a person chose the facility instead of the plan's. */
  isChosen: boolean;
}

/** An intake slot that capacity keeps. */
export interface ReservedSlot {
  reservation: string;
  item: string;
}

/** Capacity refused the request as a whole, for the stated reason: the same request would be refused again. */
export interface RefusedSlot {
  refused: string;
}

/** The outcome of one requested slot; undefined where none was free. */
export type SlotOutcome = ReservedSlot | RefusedSlot | undefined;

export function isReservedSlot(outcome: SlotOutcome): outcome is ReservedSlot {
  return outcome !== undefined && 'item' in outcome;
}

/** The plan for which slots are reserved. It decides the keys, the kind and the end of the reservations. */
export interface ReservingPlan {
  plan: string;
  kind: 'PRIMARY' | 'STRATEGIC';
  /** AGS of the Kreis where the patients are. */
  area: string;
  /** Pseudonym of the person who confirmed the plan. */
  actor: string;
}

type Outcome = NonNullable<ReserveForAllocationMutation['outcome']>;
type Reservation = Extract<Outcome, { __typename: 'Reservation' }>;

/**
 * Reserves one slot per request, in the order given. It can be repeated: the key is the plan's, so that capacity returns the
 * same slots. Slots that lapsed in between, because no process finished the confirmation in time, are requested again under a
 * key made of the lapsed reservation, which every repetition derives too. Throws SubgraphUnavailable.
 */
export async function reserveSlots(
  capacity: SubgraphClient,
  requested: readonly RequestedSlot[],
  plan: ReservingPlan,
): Promise<SlotOutcome[]> {
  const outcomes: SlotOutcome[] = [];
  for (const { part, key } of partsOf(requested, plan.plan)) {
    outcomes.push(...(await reservePart(capacity, part, plan, key)));
  }
  return outcomes;
}

/**
 * Returns the slots that a process reserved for a discarded plan without recording them. It reserves nothing: a request that
 * capacity always refuses reveals by its refusal whether the key was used, and only a used key is repeated. Throws
 * SubgraphUnavailable.
 */
export async function findReservedSlots(
  capacity: SubgraphClient,
  requested: readonly RequestedSlot[],
  plan: ReservingPlan,
): Promise<ReservedSlot[]> {
  const found: ReservedSlot[] = [];
  for (const { part, key } of partsOf(requested, plan.plan)) {
    const input = inputOf(part, plan, key);
    const probe = await reserve(capacity, { ...input, until: IN_THE_PAST }, plan);
    if (probe.__typename !== 'IdempotencyKeyReused') continue;
    const kept = await reserve(capacity, input, plan);
    if (kept.__typename === 'Reservation') found.push(...slotsOf(kept).filter(isReservedSlot));
  }
  return found;
}

async function reservePart(
  capacity: SubgraphClient,
  requested: readonly RequestedSlot[],
  plan: ReservingPlan,
  key: string,
): Promise<SlotOutcome[]> {
  const outcome = await reserve(capacity, inputOf(requested, plan, key), plan);
  if (outcome.__typename === 'NoFreeSlot') return requested.map(() => undefined);
  if (outcome.__typename !== 'Reservation') {
    return requested.map(() => ({ refused: outcome.message }));
  }
  const { id, items } = outcome;
  if (items.some(({ status }) => status === 'LAPSED')) {
    return reservePart(capacity, requested, plan, `${keyOf(plan.plan, 0)} after ${id}`);
  }
  return slotsOf(outcome);
}

async function reserve(
  capacity: SubgraphClient,
  input: ReserveBedsInput,
  { actor }: ReservingPlan,
): Promise<Outcome> {
  const options = { actor, timeoutMs: RESERVE_TIMEOUT_MS };
  const { outcome } = await capacity.request(ReserveForAllocationDocument, { input }, options);
  if (outcome === null) throw new Error('capacity returned no outcome of a reservation');
  return outcome;
}

function inputOf(
  requested: readonly RequestedSlot[],
  { kind, area }: ReservingPlan,
  idempotencyKey: string,
): ReserveBedsInput {
  return {
    items: requested.map(itemOf),
    origin: { area },
    kind,
    mode: 'AS_MANY_AS_POSSIBLE',
    acceptStale: true,
    idempotencyKey,
  };
}

/** Returns the item of a request. A proposed facility is judged again when the slot is given; what a person chose is the person's decision. */
function itemOf({ facility, category, minutes, isChosen }: RequestedSlot) {
  return {
    facility,
    intake: category,
    count: 1,
    ...(isChosen ? {} : { onlySustained: true, arrivesInMinutes: Math.ceil(minutes) }),
  };
}

function slotsOf({ id, items }: Reservation): SlotOutcome[] {
  return items.map(({ id: item, count, status }) =>
    count === 1 && status === 'OPEN' ? { reservation: id, item } : undefined,
  );
}

function partsOf(requested: readonly RequestedSlot[], plan: string) {
  const parts: { part: readonly RequestedSlot[]; key: string }[] = [];
  for (let from = 0; from < requested.length; from += MOST_ITEMS) {
    parts.push({ part: requested.slice(from, from + MOST_ITEMS), key: keyOf(plan, from) });
  }
  return parts;
}

/** Keys of all operations of one person share one space; no other key begins like this. */
function keyOf(plan: string, from: number): string {
  return from === 0 ? `allocation ${plan}` : `allocation ${plan} from ${from}`;
}

/** Releases slots; those that lapsed or were redeemed stay as they are. Throws SubgraphUnavailable. */
export async function releaseSlots(
  capacity: SubgraphClient,
  { reservation, items }: { reservation: string; items: readonly string[] },
  actor: string,
): Promise<void> {
  const options = { actor, timeoutMs: RESERVE_TIMEOUT_MS };
  await capacity.request(ReleaseForAllocationDocument, { input: { reservation, items } }, options);
}

type FacilityResponse = Extract<
  NonNullable<AllocationFacilitiesQuery['facilities'][number]>,
  { __typename: 'Facility' }
>;

/** A facility to which a dispatcher sends patients, with its position and its declared intake. */
export type DestinationFacility = {
  [Field in keyof FacilityResponse]: NonNullable<FacilityResponse[Field]>;
};

/** Returns the facilities that exist of those with these ids. Throws SubgraphUnavailable. */
export async function destinationFacilities(
  capacity: SubgraphClient,
  ids: readonly string[],
): Promise<Map<string, DestinationFacility>> {
  if (ids.length === 0) return new Map();
  const { facilities } = await capacity.request(AllocationFacilitiesDocument, {
    refs: ids.map(refOf),
  });
  return new Map(facilities.filter(isLocated).map((facility) => [facility.id, facility]));
}

function isLocated(
  facility: AllocationFacilitiesQuery['facilities'][number],
): facility is DestinationFacility {
  if (facility?.__typename !== 'Facility') return false;
  return facility.area !== null && facility.position !== null && facility.intake !== null;
}

/** The limits of a facility at this moment. */
interface LimitsNow {
  of: ReadonlyMap<TriageCategory, number | null>;
  notSustainable: boolean;
}

/**
 * Returns how many patients of each category facilities accept in all at this moment, and whether they can sustain that; a
 * missing category is no longer declared. Throws SubgraphUnavailable.
 */
export async function limitsOf(
  capacity: SubgraphClient,
  ids: readonly string[],
): Promise<Map<string, LimitsNow>> {
  if (ids.length === 0) return new Map();
  const { facilities } = await capacity.request(AllocationLimitsDocument, { refs: ids.map(refOf) });
  const limits = new Map<string, LimitsNow>();
  for (const facility of facilities) {
    if (facility?.__typename !== 'Facility') continue;
    const { id, intake, notSustainable } = facility;
    limits.set(id, {
      of: new Map(intake?.map(({ category, limit }) => [category, limit])),
      notSustainable: notSustainable ?? false,
    });
  }
  return limits;
}

function refOf(id: string) {
  return { __typename: 'Facility', id };
}
