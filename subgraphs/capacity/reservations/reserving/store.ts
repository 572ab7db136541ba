import type { PoolClient } from 'pg';
import { publish } from '../../../../shared/outbox/index.js';
import type { CasualtyVisibility } from '../../access/index.js';
import { lockFacilities, type LocatedFacility } from '../../facilities/index.js';
import { unknownFacility } from '../../facilities/rules.js';
import type { BedCategory, ReserveBedsInput } from '../../generated/graphql.js';
import { intakesOf } from '../../intake/index.js';
import { failingFacilities } from '../../sustainability/index.js';
import { grant, slotKey, type RemainingSlots } from './rules/grants.js';
import { judgeRequests, type SlotRequest } from './rules/requests.js';
import { isRefused } from '../../../../shared/validation/rules.js';
import { BEDS_LEFT, BEDS_LEFT_OF_ONE, INSERT_RESERVATION } from './statements.js';
import { eventsOf } from './events.js';

/** The caller, the instant, and the facilities at which the caller may act: `permitAt` throws FORBIDDEN elsewhere. */
export interface Actor {
  name: string;
  now: Date;
  permitAt: (facility: LocatedFacility) => void;
  visibility: CasualtyVisibility;
}

/**
 * Reserves bed slots and intake slots, in the transaction `db` is in: here it is decided who gets the last bed. All facilities
 * named are locked before anything is read of them, so a call that reserves, holds or limits slots there waits until this one is
 * committed, and then reads what it left; `grant` distributes what is left.
 */
export async function reserveWithin(
  db: PoolClient,
  input: ReserveBedsInput,
  { name, now, permitAt, visibility }: Actor,
) {
  const judged = judgeRequests(input, now);
  if (isRefused(judged)) return judged;
  const { requests, expiresAt } = judged;
  const facilities = await lockFacilities(db, facilitiesOf(requests));
  const unknown = requests.find(({ facility }) => !facilities.has(facility));
  if (unknown) return unknownFacility(unknown.facility);
  for (const facility of facilities.values()) permitAt(facility);

  const left = await slotsLeft(db, requests, now);
  const counts = grant(requests, left, {
    mode: input.mode ?? 'ALL_OR_NOTHING',
    acceptStale: input.acceptStale ?? false,
    now,
  });
  if (isRefused(counts)) return counts;
  const origin = input.origin?.area ?? null;
  const approvedBySpoc = input.origin?.approvedBySpoc ?? visibility.spocAreas.length > 0;
  const { rows } = await db.query<{ id: string }>({
    name: 'insert-reservation',
    text: INSERT_RESERVATION,
    values: [
      input.kind,
      now,
      name,
      expiresAt,
      requests.map(({ facility }) => facility),
      requests.map(({ category }) => category),
      requests.map(({ intake }) => intake),
      requests.map(({ count }) => count),
      counts,
      origin,
      approvedBySpoc,
    ],
  });
  const { id } = rows[0]!;
  const reserved = requests
    .filter((_, position) => counts[position]! > 0)
    .map((request) => ({
      ...request,
      reservation: id,
      area: facilities.get(request.facility)!.area,
      origin,
      approvedBySpoc,
      countedAs: left.get(slotKey(request))?.countedAs,
    }));
  await publish(db, eventsOf('capacity.reservation-made', 'capacity.beds-claimed', reserved, now));
  return { __typename: 'Reservation' as const, id };
}

/** Returns the remaining slots of every requested kind, at the locked facilities. */
async function slotsLeft(
  db: PoolClient,
  requests: readonly SlotRequest[],
  now: Date,
): Promise<Map<string, RemainingSlots>> {
  const left = new Map<string, RemainingSlots>();
  const forBeds = requests.filter(({ category }) => category !== null);
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
    for (const { facility, category, isStandIn, ...row } of rows) {
      // A bed to which nobody is sent by proposal is given all the same, as long as it can be kept in use.
      const slots = { ...row, isUnsustained: row.free === 0 && row.isUnsustained === true };
      left.set(slotKey({ facility, category, intake: null }), slots);
      if (!isStandIn) continue;
      const unspecified = slotKey({ facility, category: 'ICU_UNSPECIFIED', intake: null });
      left.set(unspecified, { ...slots, countedAs: category });
    }
  }
  const forIntake = requests.filter(({ intake }) => intake !== null);
  if (forIntake.length > 0) {
    const facilities = facilitiesOf(forIntake);
    const failing = await failingFacilities(db, facilities, now);
    for (const [facility, intakes] of await intakesOf(db, facilities, now)) {
      const failsAt = failing.get(facility);
      for (const { category: intake, free } of intakes) {
        // A declared intake holds for as long as it says; it has no age at which it is doubted.
        left.set(slotKey({ facility, category: null, intake }), {
          free,
          stale: false,
          ...(failsAt && { failsAt }),
        });
      }
    }
  }
  return left;
}

function facilitiesOf(requests: readonly SlotRequest[]): string[] {
  return [...new Set(requests.map(({ facility }) => facility))];
}
