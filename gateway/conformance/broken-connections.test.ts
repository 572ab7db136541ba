import { Mangler } from '../testing/mangler.js';
import { responses, EDGES, type Edge } from './testing/edges.js';
import { RawClient } from './testing/raw-client.js';

/** Seed, so that every run has equal input. */
const SEED = 20_261_130;
const ROUNDS = 150;

/** Data that a client may have sent before it fails: each is a phase of a connection. */
const PHASES = [
  '',
  'GET /gra',
  'GET /graphql HTTP/1.1\r\n',
  'GET /graphql HTTP/1.1\r\nHost: hub\r\nConnection: Upgr',
  'GET // HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'GET http:// HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'GET /elsewhere HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'GET /graphql HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'GET /healthz HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
  'POST /graphql HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 50\r\n\r\n{',
  'POST /graphql HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"qu',
  'POST /graphql HTTP/1.1\r\nHost: hub\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n',
  'POST /graphql HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"qu',
  'PUT /graphql/stream HTTP/1.1\r\nHost: hub\r\nContent-Length: 0\r\n\r\n',
  'CONNECT hub:443 HTTP/1.1\r\nHost: hub\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: hub\r\n\r\n',
];
const HANDSHAKE =
  'GET /graphql HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n';

/** Whether the other side is waited for, so that a reset also meets it in the middle of its own work. */
const ENDS: readonly ((client: RawClient) => void | Promise<void>)[] = [
  (client) => client.reset(),
  (client) => void client.socket.end(),
  (client) => client.close(),
  async (client) => {
    await new Promise((resolve) => setImmediate(resolve));
    client.reset();
  },
];

describe.each(EDGES)('%s', (_, open) => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await open();
  });
  afterAll(() => edge.close());

  async function sendAndEnd(first: string, then: string, mangler: Mangler): Promise<void> {
    const client = await RawClient.connect(edge.origin);
    client.send(first);
    if (mangler.pick([true, false])) await new Promise((resolve) => setImmediate(resolve));
    client.send(then);
    await mangler.pick(ENDS)(client);
  }

  it('survives malformed and broken connections at every phase of a request', async () => {
    const mangler = new Mangler(SEED);
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(
        PHASES.map((phase) =>
          sendAndEnd(
            mangler.pick([phase, mangler.mangled(phase)]),
            mangler.mangled(phase),
            mangler,
          ),
        ),
      );
    }
    expect(await responses(edge)).toBe(true);
  });

  it('survives sockets that break during the handshake and within frames', async () => {
    const mangler = new Mangler(SEED);
    // A text frame of 5 masked bytes, cut off; a fragment that is never finished; a close frame without a mask.
    const frames = [
      '\x81\x85\0\0',
      '\x01\x81\0\0\0\0{',
      '\x88\x02\x03\xe8',
      '\x89\x80\0\0\0\0',
      '\xff\xff',
    ];
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all([
        sendAndEnd(HANDSHAKE, mangler.pick(frames), mangler),
        sendAndEnd(HANDSHAKE + mangler.pick(frames), mangler.pick(frames), mangler),
        sendAndEnd(mangler.mangled(HANDSHAKE), mangler.pick(frames), mangler),
        sendAndEnd(HANDSHAKE.slice(0, -2), '', mangler),
      ]);
    }
    expect(await responses(edge)).toBe(true);
  });
});
