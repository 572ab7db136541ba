import type { Database } from '../database/database.js';
import { publishLapsed } from '../reservations/store-timers.js';
import type { GraphQLResponse, CapacityWorld, TestIdentity } from './capacity-world.js';
import { declaration, declare } from './intakes.js';
import { facilitiesOf, report, send } from './reports.js';

let keys = 0;

/** A request for one slot of intensive care, with whatever the test is about. */
export function slotRequest(facility: string, changes: object = {}) {
  return { facility, category: 'ICU_UNSPECIFIED', count: 1, ...changes };
}

/** A call that reserves items, under a key of its own. */
export function reserveInput(items: object[], changes: object = {}) {
  return { items, kind: 'PRIMARY', idempotencyKey: `key ${keys++}`, ...changes };
}

export const RESERVATION = `id kind status createdAt until items {
  id facility { id } category intake requested count status until confirmedAt redeemedAt releasedAt }`;

const EXPIRY = '... on ExpiryOutOfRange { field at earliest latest }';

export function reserveRaw(
  world: CapacityWorld,
  input: object,
  who?: TestIdentity,
): Promise<GraphQLResponse> {
  return world.request(
    `mutation ($input: ReserveBedsInput!) { reserveBeds(input: $input) { __typename
      ... on Reservation { ${RESERVATION} } ... on Refusal { message } ${EXPIRY}
      ... on NoFreeSlot { shortfalls { item facility { id } category intake requested free stale
        alternatives { facility { id } free km } } }
      ... on InvalidReservationItem { position field }
      ... on UnknownFacility { facilityId }
      ... on IdempotencyKeyReused { field } } }`,
    { input },
    who,
  );
}

/** Reserves and gives the outcome. */
export async function reserve(
  world: CapacityWorld,
  items: object[],
  changes: object = {},
  who?: TestIdentity,
) {
  const { data, errors } = await reserveRaw(world, reserveInput(items, changes), who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.reserveBeds;
}

export type ReservationAct = 'confirm' | 'redeem' | 'release';

export function transitionRaw(
  world: CapacityWorld,
  act: ReservationAct,
  input: object,
  who?: TestIdentity,
): Promise<GraphQLResponse> {
  const type = `${act[0]!.toUpperCase()}${act.slice(1)}ReservationInput`;
  return world.request(
    `mutation ($input: ${type}!) { outcome: ${act}Reservation(input: $input) { __typename
      ... on Reservation { ${RESERVATION} } ... on Refusal { message }
      ${act === 'confirm' ? EXPIRY : ''}
      ... on UnknownReservation { reservationId }
      ... on UnknownReservationItem { reservationId reservationItemId }
      ... on ReservationEnded { reservation { id } items { id status } } } }`,
    { input },
    who,
  );
}

/** Moves a reservation by an act; returns the outcome. */
export async function transition(
  world: CapacityWorld,
  act: ReservationAct,
  reservation: string,
  changes: object = {},
) {
  const { data, errors } = await transitionRaw(world, act, { reservation, ...changes });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.outcome;
}

export async function reservationOf(world: CapacityWorld, id: string) {
  const { data } = await world.request(
    `query ($id: ID!) { reservation(id: $id) { ${RESERVATION} } }`,
    {
      id,
    },
  );
  return data.reservation;
}

/** Declares what a facility takes of one Sichtungskategorie, by default SK_I. */
export async function declareIntake(
  world: CapacityWorld,
  facility: string,
  numbers: { category?: string; immediate: number },
) {
  const outcome = await declare(
    world,
    declaration(world, facility, { numbers: [{ category: 'SK_I', ...numbers }] }),
  );
  if (outcome.__typename !== 'Facility') throw new Error(outcome.message);
}

/** Returns the claims on the beds of one category of one facility, and the rest. */
export async function claimsOf(
  world: CapacityWorld,
  facility: string,
  category = 'ICU_UNSPECIFIED',
) {
  const { data } = await world.request(
    `query ($facility: ID!, $category: BedCategory) { facility(id: $facility) { beds(category: $category) {
      operable occupied reserved blocked held free overcommitted } } }`,
    { facility, category },
  );
  return data.facility.beds[0];
}

/** Reserves beds in facilities that no other test of the file uses. */
export class ReservationScene {
  readonly #world: CapacityWorld;
  readonly #facilities: string[];

  private constructor(world: CapacityWorld, facilities: string[]) {
    this.#world = world;
    this.#facilities = facilities;
  }

  static async in(world: CapacityWorld): Promise<ReservationScene> {
    return new ReservationScene(world, await facilitiesOf(world, '', 500));
  }

  /** Returns a facility that no other test has used. */
  nextFacility(): string {
    return this.#facilities.shift()!;
  }

  /** Returns a facility that no other test has used, with this number of free beds. */
  async facilityWith(free: number): Promise<string> {
    const facility = this.nextFacility();
    await send(this.#world, report(this.#world, facility, { operable: free + 4, occupied: 4 }));
    return facility;
  }

  /** Reserves that many items of one slot each, at a facility that has just as many. */
  async reserved(items = 1) {
    const facility = await this.facilityWith(items);
    const slotRequests = Array.from({ length: items }, () => slotRequest(facility));
    const reservation = await reserve(this.#world, slotRequests);
    const ids = reservation.items.map(({ id }: { id: string }) => id) as string[];
    return { facility, id: reservation.id as string, items: ids };
  }
}

/** Returns the statuses of the items of a reservation. */
export function statusesOf({ items }: { items: { status: string }[] }): string[] {
  return items.map(({ status }) => status);
}

/** Counts the events of these entities, without those of others that the subgraph's own timer publishes meanwhile. */
export async function countEvents(world: CapacityWorld, ...entities: string[]): Promise<number> {
  const { rowCount } = await world.pool.query(
    `SELECT FROM outbox_event WHERE entity = ANY($1)
       OR topic NOT IN ('capacity.reservation-lapsed', 'capacity.beds-freed', 'capacity.beds-went-stale')`,
    [entities],
  );
  return rowCount!;
}

/** Counts the items of a reservation that are not finalized. */
export async function openItems(world: CapacityWorld, reservation: string): Promise<number> {
  const { rowCount } = await world.pool.query(
    'SELECT FROM reservation_item WHERE reservation_id = $1 AND NOT settled',
    [reservation],
  );
  return rowCount!;
}

/** Returns when a reservation is finalized, by this process or by the subgraph's timer, whichever is first. */
export async function untilFinalized(
  world: CapacityWorld,
  database: Database,
  reservation: string,
  finalize = publishLapsed,
): Promise<void> {
  while ((await openItems(world, reservation)) !== 0) await finalize(database, world.clock.now);
}
