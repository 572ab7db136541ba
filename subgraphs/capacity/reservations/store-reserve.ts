import type { PoolClient } from 'pg';
import { publish } from '../../../shared/outbox/index.js';
import type { CasualtyVisibility } from '../access/casualty-visibility.js';
import { lockFacilities, type LocatedFacility } from '../facilities/store-lock.js';
import { unknownFacility } from '../facilities/rules.js';
import type { BedCategory, ReserveBedsInput } from '../generated/graphql.js';
import { intakesOf } from '../intake/store.js';
import { grant, slotKey, type RemainingSlots } from './rules/grants.js';
import { judgeRequests, type SlotRequest } from './rules/requests.js';
import { isRefused } from '../../../shared/idempotency/index.js';
import { BEDS_LEFT, BEDS_LEFT_OF_ONE, INSERT_RESERVATION } from './statements.js';
import { eventsOf } from './topics.js';

/** The caller, the instant, and where they may act; `permitAt` throws FORBIDDEN. */
export interface Actor {
  name: string;
  now: Date;
  permitAt: (slot: LocatedFacility) => void;
  visibility: CasualtyVisibility;
}

/**
 * Keeps slots, in the transaction `db` is in. All facilities named are locked before anything is read of them: a call that
 * else takes, holds or limits slots there waits until this is committed, and then reads what it left.
 */
export async function reserveWithin(
  db: PoolClient,
  input: ReserveBedsInput,
  { name, now, permitAt, visibility }: Actor,
) {
  const judged = judgeRequests(input, now);
  if (isRefused(judged)) return judged;
  const { wishes, expiresAt } = judged;
  const slots = await lockFacilities(db, facilitiesOf(wishes));
  const unknown = wishes.find(({ facility }) => !slots.has(facility));
  if (unknown) return unknownFacility(unknown.facility);
  for (const slot of slots.values()) permitAt(slot);

  const left = await leftOf(db, wishes, now);
  const given = grant(wishes, left, {
    mode: input.mode ?? 'ALL_OR_NOTHING',
    acceptStale: input.acceptStale ?? false,
  });
  if (isRefused(given)) return given;
  const origin = input.origin?.area ?? null;
  const approvedBySpoc = input.origin?.approvedBySpoc ?? visibility.spocAreas.length > 0;
  const { rows } = await db.query<{ id: string }>({
    name: 'insert-reservation',
    text: INSERT_RESERVATION,
    values: [
      ...[input.kind, now, name, expiresAt],
      wishes.map(({ facility }) => facility),
      wishes.map(({ category }) => category),
      wishes.map(({ intake }) => intake),
      wishes.map(({ count }) => count),
      given,
      origin,
      approvedBySpoc,
    ],
  });
  const { id } = rows[0]!;
  const granted = wishes
    .filter((_, item) => given[item]! > 0)
    .map((wish) => ({
      ...wish,
      ...{ reservation: id, area: slots.get(wish.facility)!.area, origin, approvedBySpoc },
      countedAs: left.get(slotKey(wish))?.countedAs,
    }));
  await publish(db, eventsOf('capacity.reservation-made', 'capacity.beds-claimed', granted, now));
  return { __typename: 'Reservation' as const, id };
}

/** Returns the remaining slots of every requested kind, at the locked facilities. */
async function leftOf(
  db: PoolClient,
  wishes: readonly SlotRequest[],
  now: Date,
): Promise<Map<string, RemainingSlots>> {
  const left = new Map<string, RemainingSlots>();
  const forBeds = wishes.filter(({ category }) => category !== null);
  if (forBeds.length > 0) {
    const categories = new Set(forBeds.map(({ category }) => category));
    const facilities = facilitiesOf(forBeds);
    const { rows } = await db.query<
      { facility: string; category: BedCategory; isStandIn: boolean } & RemainingSlots
    >(
      facilities.length === 1
        ? {
            name: 'beds-left-of-one',
            text: BEDS_LEFT_OF_ONE,
            values: [facilities[0], [...categories], now],
          }
        : { name: 'beds-left', text: BEDS_LEFT, values: [facilities, [...categories], now] },
    );
    for (const { facility, category, free, stale, isStandIn } of rows) {
      left.set(slotKey({ facility, category, intake: null }), { free, stale });
      if (!isStandIn) continue;
      const unspecified = slotKey({ facility, category: 'ICU_UNSPECIFIED', intake: null });
      left.set(unspecified, { free, stale, countedAs: category });
    }
  }
  const forIntake = wishes.filter(({ intake }) => intake !== null);
  if (forIntake.length > 0) {
    for (const [facility, intakes] of await intakesOf(db, facilitiesOf(forIntake), now)) {
      for (const { category: intake, free } of intakes) {
        // A declared intake holds for as long as it says; it has no age at which it is doubted.
        left.set(slotKey({ facility, category: null, intake }), { free, stale: false });
      }
    }
  }
  return left;
}

function facilitiesOf(wishes: readonly SlotRequest[]): string[] {
  return [...new Set(wishes.map(({ facility }) => facility))];
}
