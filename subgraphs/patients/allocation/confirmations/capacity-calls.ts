import type { CapacityLink } from '../../capacity-client/index.js';
import type { Position } from '../../steering/rules.js';
import type { TriageCategory } from '../../generated/graphql.js';

const RESERVE = `mutation ReserveAllocation($input: ReserveBedsInput!) { outcome: reserveBeds(input: $input) { __typename
  ... on Reservation { id items { id count status } } ... on Refusal { message } } }`;
const RELEASE = `mutation ReturnAllocation($input: ReleaseReservationInput!) { outcome: releaseReservation(input: $input) { __typename
  ... on Refusal { message } } }`;
const HOUSES = `query AllocationHouses($refs: [_Any!]!) { houses: _entities(representations: $refs) {
  ... on Facility { id area position { latitude longitude } intake { category limit free } } } }`;
const LIMITS = `query AllocationLimits($refs: [_Any!]!) { houses: _entities(representations: $refs) {
  ... on Facility { id intake { category limit } } } }`;

/** Capacity takes no more in one call. */
const MOST_ITEMS = 10_000;
/**
 * How long one reservation of thousands may take: 10,000 places took capacity 0.7 s when nothing else went on, and in a rush
 * others go first. Giving up earlier would only leave to the loop what is being done.
 */
const RESERVE_PATIENCE_MS = 30_000;

/** A place that is asked for. */
export interface WantedPlace {
  facility: string;
  category: TriageCategory;
}

/** A place that was got. */
export interface Place {
  reservation: string;
  item: string;
}

/** Capacity would not even look for a place, in its own words: to repeat the same is no use. */
export interface RefusedPlace {
  refused: string;
}

/** A place that was got, or none. */
export type GotPlace = Place | RefusedPlace | undefined;

export function isPlace(got: GotPlace): got is Place {
  return got !== undefined && 'item' in got;
}

/** On whose behalf, under which key, and for how long places are asked for. */
export interface Order {
  plan: string;
  kind: 'PRIMARY' | 'STRATEGIC';
  /** AGS of the Kreis where the patients are. */
  area: string;
  /** The human who confirmed. */
  actor: string;
}

interface Reserved {
  __typename: string;
  message?: string;
  id: string;
  items: { id: string; count: number; status: string }[];
}

/**
 * Asks for a place each, as many as there are, in the order given. May be repeated: the key is the plan's, so the same places
 * are given again. Those that have lapsed meanwhile, because nobody got to finish the confirmation in time, are asked for
 * anew under a key made of the lapsed reservation, which every repetition comes to as well. Throws CapacityAway.
 */
export async function reservePlaces(
  capacity: CapacityLink,
  wanted: readonly WantedPlace[],
  order: Order,
): Promise<GotPlace[]> {
  const got: GotPlace[] = [];
  for (const { part, key } of partsOf(wanted, order.plan)) {
    got.push(...(await reservePart(capacity, part, order, key)));
  }
  return got;
}

/**
 * The places that were got for a plan that is dropped, by a process that could not say so any more. Nothing is reserved: a
 * wish that capacity always refuses tells by its refusal whether the key was ever used, and only then is it repeated. Throws
 * CapacityAway.
 */
export async function placesReserved(
  capacity: CapacityLink,
  wanted: readonly WantedPlace[],
  order: Order,
): Promise<Place[]> {
  const got: Place[] = [];
  for (const { part, key } of partsOf(wanted, order.plan)) {
    const probe = { ...inputOf(part, order, key), expiresAt: '2000-01-01T00:00:00Z' };
    const probed = await askToReserve(capacity, probe, order);
    if (probed.__typename !== 'IdempotencyKeyReused') continue;
    const kept = await askToReserve(capacity, inputOf(part, order, key), order);
    if (kept.__typename === 'Reservation') got.push(...placesOf(kept).filter(isPlace));
  }
  return got;
}

async function reservePart(
  capacity: CapacityLink,
  wanted: readonly WantedPlace[],
  order: Order,
  key: string,
): Promise<GotPlace[]> {
  const outcome = await askToReserve(capacity, inputOf(wanted, order, key), order);
  if (outcome.__typename === 'NoPlace') return wanted.map(() => undefined);
  if (outcome.__typename !== 'Reservation') {
    return wanted.map(() => ({ refused: outcome.message ?? outcome.__typename }));
  }
  const { id, items } = outcome;
  if (items.some(({ status }) => status === 'LAPSED')) {
    return reservePart(capacity, wanted, order, `${keyOf(order.plan, 0)} after ${id}`);
  }
  return placesOf(outcome);
}

async function askToReserve(
  capacity: CapacityLink,
  input: object,
  { actor }: Order,
): Promise<Reserved> {
  type Answer = { outcome: Reserved };
  return (await capacity.ask<Answer>(RESERVE, { input }, actor, RESERVE_PATIENCE_MS)).outcome;
}

function inputOf(wanted: readonly WantedPlace[], { kind, area }: Order, idempotencyKey: string) {
  return {
    items: wanted.map(({ facility, category }) => ({ facility, intake: category, count: 1 })),
    origin: { area },
    ...{ kind, mode: 'AS_MANY_AS_POSSIBLE', acceptStale: true, idempotencyKey },
  };
}

function placesOf({ id, items }: Reserved): GotPlace[] {
  return items.map(({ id: item, count, status }) =>
    count === 1 && status === 'OPEN' ? { reservation: id, item } : undefined,
  );
}

function partsOf(wanted: readonly WantedPlace[], plan: string) {
  const parts: { part: readonly WantedPlace[]; key: string }[] = [];
  for (let from = 0; from < wanted.length; from += MOST_ITEMS) {
    parts.push({ part: wanted.slice(from, from + MOST_ITEMS), key: keyOf(plan, from) });
  }
  return parts;
}

/** Nobody else's keys begin so, although those of one person are all of one space. */
function keyOf(plan: string, from: number): string {
  return from === 0 ? `allocation ${plan}` : `allocation ${plan} from ${from}`;
}

/** Gives places back; what has ended otherwise is settled as well as it can be. Throws CapacityAway. */
export async function returnPlaces(
  capacity: CapacityLink,
  { reservation, items }: { reservation: string; items: readonly string[] },
  actor: string,
): Promise<void> {
  await capacity.ask(RELEASE, { input: { reservation, items } }, actor, RESERVE_PATIENCE_MS);
}

/** A house to which a dispatcher sends somebody. */
export interface House {
  id: string;
  area: string;
  position: Position;
  /** What it says it takes. */
  intake: { category: TriageCategory; limit: number; free: number }[];
}

/** The houses there are of those that were asked for. Throws CapacityAway. */
export async function housesOf(
  capacity: CapacityLink,
  ids: readonly string[],
): Promise<Map<string, House>> {
  return byId(await ask<House>(capacity, HOUSES, ids));
}

/** How many of each category houses take in all now; a missing one is not declared any more. Throws CapacityAway. */
export async function limitsOf(
  capacity: CapacityLink,
  ids: readonly string[],
): Promise<Map<string, Map<TriageCategory, number>>> {
  type Limits = { id: string; intake: { category: TriageCategory; limit: number }[] };
  const houses = await ask<Limits>(capacity, LIMITS, ids);
  return new Map(
    houses.map(({ id, intake }) => [
      id,
      new Map(intake.map(({ category, limit }) => [category, limit])),
    ]),
  );
}

async function ask<Found>(
  capacity: CapacityLink,
  query: string,
  ids: readonly string[],
): Promise<Found[]> {
  if (ids.length === 0) return [];
  const refs = ids.map((id) => ({ __typename: 'Facility', id }));
  const { houses } = await capacity.ask<{ houses: (Found | null)[] }>(query, { refs });
  return houses.filter((house) => house !== null);
}

function byId<Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
