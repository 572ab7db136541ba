import { randomUUID } from 'node:crypto';
import type { StockBookingInput } from '../generated/graphql.js';
import type { SupplyWorld, TestIdentity } from './supply-world.js';

/** Propofol 10 mg, a medicine of the list that ships, counted in packs. */
export const PROPOFOL = 'pzn:00194323';

/** Every fact of a refusal of a booking, and what was booked. */
export const OUTCOME = `__typename ... on Refusal { message }
  ... on StockBooking { id kind batch change counted quantityAfter reason by at corrections { kind change reason }
    stock { id quantity daysOfCover } }
  ... on ImplausibleQuantity { field value minimum maximum } ... on BookingDateOutOfRange { field at earliest latest }
  ... on InvalidBooking { field } ... on NotEnoughStock { batch available outgoing }
  ... on BatchNotUsable { batch cause since } ... on ConflictingBatch { batch usableUntil }
  ... on OvertakenCount { at bookedTo } ... on WrongUnit { item { id } } ... on UnknownItem { itemId }
  ... on UnknownOrganisation { organisationId } ... on UnknownFacility { facilityId }`;

/** A booking as JSON has it. */
type SentBooking = Omit<StockBookingInput, 'at' | 'usableUntil'> & {
  at?: string;
  usableUntil?: string;
};

/** A booking of one pack of propofol, unless the changes say otherwise. */
export function booking(changes: Partial<SentBooking>): SentBooking {
  return { item: PROPOFOL, kind: 'RECEIPT', quantity: 1, unit: 'PACK', ...changes };
}

/** Books as crisis staff, unless an identity is given, and returns the response. */
export function bookRaw(
  world: SupplyWorld,
  changes: Partial<SentBooking>,
  who?: TestIdentity,
  idempotencyKey: string = randomUUID(),
) {
  return world.request(
    `mutation ($input: BookStockInput!) { bookStock(input: $input) { ${OUTCOME} } }`,
    { input: { booking: booking(changes), idempotencyKey } },
    who,
  );
}

export async function book(world: SupplyWorld, changes: Partial<SentBooking>, who?: TestIdentity) {
  const { data, errors } = await bookRaw(world, changes, who);
  if (!data?.bookStock) throw new Error(JSON.stringify(errors));
  return data.bookStock;
}

export function bookAllRaw(
  world: SupplyWorld,
  bookings: readonly SentBooking[],
  who?: TestIdentity,
  idempotencyKey: string = randomUUID(),
) {
  return world.request(
    `mutation ($input: BookStocksInput!) { bookStocks(input: $input) {
      __typename ... on Refusal { message } ... on BookedStocks { outcomes { ${OUTCOME} } } } }`,
    { input: { bookings, idempotencyKey } },
    who,
  );
}

/** Stocks of which the batches, or the changes that were booked, do not add up to the quantity; negative ones too. */
export async function unbalanced(world: SupplyWorld): Promise<unknown[]> {
  const { rows } = await world.pool.query(
    `SELECT s.id, s.quantity, b.sum AS batches, h.sum AS booked FROM stock s
     LEFT JOIN LATERAL (SELECT sum(quantity) FROM stock_batch WHERE stock_id = s.id) b ON true
     LEFT JOIN LATERAL (SELECT sum(change) FROM stock_booking WHERE stock_id = s.id) h ON true
     WHERE s.quantity <> COALESCE(b.sum, 0) OR s.quantity <> COALESCE(h.sum, 0) OR s.quantity < 0
       OR EXISTS (SELECT FROM stock_batch WHERE stock_id = s.id AND quantity < 0)`,
  );
  return rows;
}
