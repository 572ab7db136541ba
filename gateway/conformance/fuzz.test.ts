import { setFlagsFromString } from 'node:v8';
import { once } from 'node:events';
import { connect } from 'node:net';
import { runInNewContext } from 'node:vm';
import { Shop } from '../testing/shop.js';
import { until } from '../testing/until.js';
import { Mangler } from '../testing/mangler.js';
import { slowness } from '../../tests/speed/slowness.js';

/** Seed, so that every run has equal input. */
const SEED = 20_261_121;
const WARM_UP_ROUNDS = 60;
const ROUNDS = 180;
/** Three times as much input again may leave this behind: 50 KB a round, far less than a round's garbage. */
const TOLERATED_GROWTH_BYTES = 9 * 1024 * 1024;

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open({
    limits: { costPerMinute: 1e9, connectionsPerMinute: 1e6 },
    subgraphTimeoutMs: { social: 50 },
  });
});
afterAll(() => shop.close());

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const QUERIES = [
  '{ products { upc name price media { title } } }',
  'query Q($upc: ID!) { product(upc: $upc) { ...F reviews(first: 2) { body author { name } } } } fragment F on Product { upc }',
  'mutation { rename(upc: "1", name: "x") { subject roles } }',
  'subscription S { priceChanged(upc: "1") { newPrice product { name } } }',
  '{ __schema { types { name fields { name args { name } } } } }',
];

/** The response on a raw connection does not matter, only that the connection ends. */
async function sendRaw(bytes: Buffer): Promise<void> {
  const { hostname, port } = new URL(shop.gateway.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.resume();
  socket.end(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
}

async function post(path: string, body: string, authorization: string): Promise<number> {
  const response = await fetch(shop.gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: '*/*', authorization },
    body,
    signal: AbortSignal.timeout(Math.ceil(5_000 * slowness())),
  });
  if (response.headers.get('content-type')?.includes('event-stream')) await response.body?.cancel();
  else await response.arrayBuffer();
  return response.status;
}

/** Sends messages and waits for the last answer, or until the gateway has had enough. */
async function talk(messages: string[]): Promise<void> {
  const socket = shop.socket();
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  for (const message of messages) socket.send(message);
  const ponged = new Promise((resolve) => socket.on('pong', resolve));
  socket.ping();
  await Promise.race([ponged, closed]);
  socket.close();
  await closed;
}

async function round(mangler: Mangler): Promise<void> {
  const authorization = `Bearer ${await shop.token()}`;
  const query = mangler.mangled(mangler.pick(QUERIES));
  const body = JSON.stringify({
    query,
    variables: mangler.value(),
    operationName: mangler.value(),
  });
  const init = JSON.stringify({ type: 'connection_init', payload: { authorization } });
  const subscribe = JSON.stringify({
    id: mangler.text(),
    type: 'subscribe',
    payload: { query, variables: mangler.value() },
  });
  const http = `POST /graphql HTTP/1.1\r\nhost: hub\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nauthorization: ${authorization}\r\n\r\n${body}`;
  const statuses = await Promise.all([
    post('/graphql', mangler.pick([body, mangler.mangled(body)]), authorization),
    post('/graphql/stream', mangler.pick([body, mangler.mangled(body)]), authorization),
    post('/graphql', body, mangler.pick([authorization, mangler.mangled(authorization, 'header')])),
  ]);
  for (const status of statuses) expect([body, status]).not.toEqual([body, 500]);
  await sendRaw(Buffer.from(mangler.mangled(http), 'latin1'));
  await talk(
    mangler.pick([
      [init, subscribe, mangler.mangled(subscribe)],
      [mangler.mangled(init), subscribe],
      [subscribe],
    ]),
  );
}

async function heapAfter(rounds: number, mangler: Mangler): Promise<number> {
  for (let done = 0; done < rounds; done += 1) await round(mangler);
  await until(() => shop.subscribers() === 0);
  shop.log.length = 0;
  for (const subgraph of Object.values(shop.subgraphs)) {
    subgraph.requests.length = 0;
    subgraph.subscribed.length = 0;
  }
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('malformed HTTP, GraphQL and WebSocket input leaves the gateway running, without a fault or an open resource', async () => {
  const mangler = new Mangler(SEED);
  const before = await heapAfter(WARM_UP_ROUNDS, mangler);
  const after = await heapAfter(ROUNDS, mangler);
  expect(after - before).toBeLessThan(TOLERATED_GROWTH_BYTES);
  expect(await shop.request('{ product(upc: "1") { name } }')).toEqual({
    status: 200,
    data: { product: { name: 'P1-en' } },
  });
});
