import { randomUUID } from 'node:crypto';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { postGraphQL } from '../shared/testing/graphql-response.js';
import { startHub, type RunningHub } from './running-hub.js';

const STOCKS = '{ stocks(first: 50) { nodes { quantity organisation { id } } } }';
const CHANGES = `subscription ($after: String) {
  stockChanged(after: $after) { caughtUp stock { quantity organisation { id } } } }`;

/** A supplier with a token of its own; role and area are those of the other one. */
interface Supplier {
  organisation: string;
  token: string;
  quantity: number;
}

let hub: RunningHub;
const sockets: Client[] = [];
let suppliers: Supplier[];
beforeAll(async () => {
  hub = await startHub();
  const staff = await tokenOf({ role: 'crisis-staff', areas: [''] });
  const registered = [11, 22].map(async (quantity): Promise<Supplier> => {
    const organisation = await register(staff, `Wholesale ${quantity}`);
    const claims = { role: 'supplier', areas: ['05'], organisations: [organisation] };
    return { organisation, quantity, token: await tokenOf(claims) };
  });
  suppliers = await Promise.all(registered);
});
afterAll(async () => {
  for (const socket of sockets) await socket.dispose();
  await hub.stop();
});

function tokenOf(claims: { role: string; areas: string[]; organisations?: string[] }) {
  const dataFolder = hub.environment['VIERBLATT_DATA']!;
  return issueDevelopmentToken(dataFolder, 'vierblatt', { ...claims, facilities: [], ttl: 300 });
}

async function request(token: string, query: string, variables: object = {}): Promise<any> {
  const { data, errors } = await postGraphQL(
    hub.url,
    { query, variables },
    { authorization: `Bearer ${token}` },
  );
  expect(errors).toBeUndefined();
  return data;
}

async function register(staff: string, name: string): Promise<string> {
  const input = {
    kind: 'WHOLESALER',
    area: '05315',
    name,
    idempotencyKey: randomUUID(),
    position: { latitude: 50.94, longitude: 6.96 },
  };
  const { registerOrganisation } = await request(
    staff,
    `mutation ($input: RegisterOrganisationInput!) {
      registerOrganisation(input: $input) { ... on Organisation { id } } }`,
    { input },
  );
  return registerOrganisation.id;
}

async function book({ organisation, token, quantity }: Supplier): Promise<void> {
  const booking = {
    organisation,
    item: 'pzn:00194323',
    unit: 'PACK',
    kind: 'RECEIPT',
    quantity,
    reason: 'a delivery',
  };
  const { bookStock } = await request(
    token,
    'mutation ($input: BookStockInput!) { bookStock(input: $input) { __typename } }',
    { input: { booking, idempotencyKey: randomUUID() } },
  );
  expect(bookStock).toEqual({ __typename: 'StockBooking' });
}

function watch(token: string, after: string) {
  const socket = createClient({
    url: hub.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  sockets.push(socket);
  return socket.iterate<any>({ query: CHANGES, variables: { after } });
}

type Stream = ReturnType<typeof watch>;

/** Returns the next stock of a stream; marks are skipped. */
async function nextStock(stream: Stream): Promise<unknown> {
  for (;;) {
    const { value } = await stream.next();
    expect(value.errors).toBeUndefined();
    if (value.data.stockChanged.stock) return value.data.stockChanged.stock;
  }
}

const ownStock = ({ organisation, quantity }: Supplier, times: number) => ({
  quantity: quantity * times,
  organisation: { id: organisation },
});

test('two suppliers with the same role and area never share a response or a stream', async () => {
  const { supplyCursor } = await request(suppliers[0]!.token, '{ supplyCursor }');
  const streams = suppliers.map(({ token }) => watch(token, supplyCursor));
  for (const times of [1, 2]) {
    await Promise.all(suppliers.map(book));
    // The same operation at the same instant is what the gateway shares among callers of equal rights.
    const responses = await Promise.all(suppliers.map(({ token }) => request(token, STOCKS)));
    const own = suppliers.map((supplier) => ownStock(supplier, times));
    expect(responses.map(({ stocks }) => stocks.nodes)).toEqual(own.map((stock) => [stock]));
    // The second stock of a stream is its supplier's own again: what the other one booked was not delivered between.
    expect(await Promise.all(streams.map(nextStock))).toEqual(own);
  }
});
