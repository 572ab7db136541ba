import { randomUUID } from 'node:crypto';
import { inputTypeOf } from '../../../shared/testing/graphql-response.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import { CRISIS_STAFF, staffOf, type SupplyWorld, type TestIdentity } from './supply-world.js';

/** Returns ids of items that are counted in a unit. */
export async function itemsIn(world: SupplyWorld, unit: string): Promise<string[]> {
  const { rows } = await world.pool.query(
    'SELECT id FROM item WHERE unit = $1::"Unit" ORDER BY name, id LIMIT 20',
    [unit],
  );
  return rows.map(({ id }) => id);
}

/** Sends a mutation with one input and a new key, and returns its outcome. */
export async function send(
  world: SupplyWorld,
  field: string,
  input: object,
  who: TestIdentity = CRISIS_STAFF,
): Promise<any> {
  const type = inputTypeOf(field);
  const { data, errors } = await world.request(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on Refusal { message } ${SELECTED[field] ?? ''} } }`,
    { input: { idempotencyKey: randomUUID(), ...input } },
    who,
  );
  return errors
    ? { code: errors[0]!.extensions?.['code'], message: errors[0]!.message }
    : data[field];
}

const LINES = 'lines { id item { id } requested open committed inTransit delivered }';
const REQUEST = `... on SupplyRequest { id status acknowledgeUntil acknowledgedAt cancelledAt ${LINES} }`;
const COMMITMENT = `... on SupplyCommitment { id quantity inTransit delivered }`;
const SHIPMENT =
  '... on SupplyShipment { id quantity received lost rejected inTransit returned isReturn batch batchUsableUntil }';
const OVER = '... on OverCommitted { open } ... on OfferExceeded { offerLeft }';
const SELECTED: Readonly<Record<string, string>> = {
  requestSupply: REQUEST,
  acknowledgeSupplyRequest: REQUEST,
  cancelSupplyRequest: REQUEST,
  offerSupply: '... on SupplyOffer { id quantity left committed }',
  withdrawSupplyOffer: '... on SupplyOffer { id left withdrawnAt }',
  commitSupply: `${COMMITMENT} ${OVER}`,
  withdrawSupplyCommitment: COMMITMENT,
  dispatchShipment: `${SHIPMENT} ... on StorageExceeded { atMost } ... on CommitmentExceeded { notDispatched }`,
  receiveShipment: `${SHIPMENT} ... on ShipmentExceeded { atMost }`,
  returnShipment: `${SHIPMENT} ... on ShipmentExceeded { atMost }`,
  rejectShipment: `${SHIPMENT} ... on ShipmentExceeded { atMost }`,
  declareShipmentLost: SHIPMENT,
};

/** Requests litres of an item for a facility, in a day, unless the changes say otherwise; returns the request. */
export function requestLitres(
  world: SupplyWorld,
  { facility, item, quantity = 500, ...line }: LitresRequest,
  changes: object = {},
  who: TestIdentity = staffOf(facility),
): Promise<any> {
  const neededUntil = new Date(world.clock.now.getTime() + 24 * HOUR_MS);
  return send(
    world,
    'requestSupply',
    {
      facility,
      neededUntil,
      reason: 'the tank is running empty',
      lines: [{ item, quantity, unit: 'LITRE', ...line }],
      ...changes,
    },
    who,
  );
}

interface LitresRequest {
  facility: string;
  item: string;
  quantity?: number;
  organisations?: string[];
  facilities?: string[];
}

/** The request as somebody sees it. */
export async function requestAs(world: SupplyWorld, id: string, who?: TestIdentity): Promise<any> {
  const { data, errors } = await world.request(
    `query ($id: ID!) { supplyRequest(id: $id) { id status facility { id } area reason escalatedAt acknowledgeUntil
      steps { act by quantity reason } lines { id requested open committed inTransit delivered openToAll
      commitments { id quantity inTransit delivered organisation { id } facility { id } } } } }`,
    { id },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.supplyRequest;
}

/** Books a receipt of litres into the stock of an organisation or a facility. */
export async function receiveLitres(
  world: SupplyWorld,
  holder: { organisation: string } | { facility: string },
  item: string,
  quantity: number,
  batch: object = {},
): Promise<void> {
  const who: TestIdentity =
    'organisation' in holder
      ? { role: 'supplier', organisations: [holder.organisation] }
      : staffOf(holder.facility);
  const booking = { ...holder, item, kind: 'RECEIPT', quantity, unit: 'LITRE', ...batch };
  const booked = await send(world, 'bookStock', { booking }, who);
  if (booked.__typename !== 'StockBooking') throw new Error(JSON.stringify(booked));
}

/** How much of an item each holder has in stock, by the id of the holder. */
export async function stocksOf(
  world: SupplyWorld,
  item: string,
): Promise<Readonly<Record<string, number>>> {
  const { rows } = await world.pool.query(
    'SELECT holder_id AS holder, quantity::float8 AS quantity FROM stock WHERE item_id = $1',
    [item],
  );
  return Object.fromEntries(rows.map(({ holder, quantity }) => [holder, quantity]));
}
