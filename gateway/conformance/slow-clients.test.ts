import { once } from 'node:events';
import { connect } from 'node:net';
import { until } from '../testing/until.js';
import { EDGES, LARGE_BYTES, responses, type Edge } from './testing/edges.js';
import { RawClient } from './testing/raw-client.js';

/** Short ones, so that a client which takes too long can be waited for. */
const TIMEOUTS = { headersMs: 500, bodyMs: 1_000, keepAliveMs: 250, writeMs: 3_000 };

/** After each piece of up to 64 KiB; longer than the limit in all, for 24 MiB. */
const PAUSE_MS = 6;

describe.each(EDGES)('%s', (_, open) => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await open(TIMEOUTS);
  });
  afterAll(() => edge.close());

  const headOf = (length: string) =>
    `POST /graphql HTTP/1.1\r\nHost: hub\r\nAuthorization: ${edge.authorization}\r\nContent-Type: application/json\r\n${length}\r\n`;
  const head = (length: number) => headOf(`Content-Length: ${length}`);

  /** The data that is sent, and whether there is a request that can be answered. */
  const unfinished = (): [title: string, sent: string, status?: number][] => [
    ['nothing', ''],
    ['half a request line', 'POST /gra', 408],
    ['half its headers', head(100), 408],
    ['no body', `${head(100)}\r\n`, 408],
    ['half a body', `${head(100)}\r\n{"query"`, 408],
    [
      'half a body with an offer of another protocol',
      `${head(100)}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n{"query"`,
      408,
    ],
    ['half a chunk', `${headOf('Transfer-Encoding: chunked')}\r\n5\r\n{"q`, 408],
  ];

  it('closes the connection of a client that sends nothing, half its headers, or half a body', async () => {
    await Promise.all(
      unfinished().map(async ([title, sent, status]) => {
        const client = await RawClient.connect(edge.origin);
        client.send(sent);
        await client.ended();
        const received = /^HTTP\/1.1 (\d+) /.exec(client.received)?.[1];
        if (status !== undefined) expect([title, received]).toEqual([title, String(status)]);
        client.close();
      }),
    );
  });

  it.each([
    ['headers', (index: number) => `x-${index}: slow\r\n`, () => head(100)],
    ['a body', () => ' ', () => `${head(100_000)}\r\n`],
  ])(
    'closes the connection of a client that sends %s drop by drop',
    async (_title, drop, first) => {
      const client = await RawClient.connect(edge.origin);
      client.send(first());
      let drops = 0;
      const dripping = setInterval(() => client.send(drop((drops += 1))), 50);
      await client.ended();
      clearInterval(dripping);
      expect(drops).toBeGreaterThan(5);
      expect(client.received).toMatch(/^HTTP\/1.1 408 /);
      client.close();
    },
  );

  it('closes an idle connection after its last response', async () => {
    const client = await RawClient.connect(edge.origin);
    client.send('GET /healthz HTTP/1.1\r\nHost: hub\r\n\r\n');
    await client.receive('alive');
    await client.ended();
    client.close();
  });

  it('closes a connection whose further request does not end', async () => {
    const client = await RawClient.connect(edge.origin);
    client.send('GET /healthz HTTP/1.1\r\nHost: hub\r\n\r\n');
    await client.receive('alive');
    client.received = '';
    client.send('GET /healthz HT');
    await client.ended();
    expect(client.received).toMatch(/^(HTTP\/1.1 408 |$)/);
    client.close();
  });

  it('frees all of sixty connections with half a body', async () => {
    const clients = await Promise.all(
      Array.from({ length: 60 }, () => RawClient.connect(edge.origin)),
    );
    for (const client of clients) client.send(`${head(100)}\r\n{"query"`);
    await until(() => clients.every((client) => client.isClosed || client.socket.readableEnded));
    for (const client of clients) client.close();
  });

  describe('a response that is larger than the socket buffers of its client', () => {
    const largeRequest = () => {
      const body = JSON.stringify({ query: edge.largeQuery });
      return `${head(Buffer.byteLength(body))}\r\n${body}`;
    };

    it.each([
      ['empty lines', '\r\n'],
      ['a further request, letter by letter', 'x'],
    ])('is aborted when its client reads nothing and sends %s', async (_title, drop) => {
      const client = await RawClient.connect(edge.origin);
      client.socket.pause();
      client.send(largeRequest());
      const dripping = setInterval(() => client.send(drop), 50);
      await until(() => client.isClosed);
      clearInterval(dripping);
      expect(await responses(edge)).toBe(true);
    });

    it('arrives whole at a client that reads slowly', async () => {
      const { hostname, port } = new URL(edge.origin);
      const socket = connect(Number(port), hostname);
      let bytes = 0;
      socket.on('data', (part) => {
        bytes += part.length;
        socket.pause();
        setTimeout(() => socket.resume(), PAUSE_MS);
      });
      socket.write(largeRequest());
      const since = performance.now();
      await once(socket, 'close'); // it is idle after the response
      expect(bytes).toBeGreaterThan(LARGE_BYTES);
      expect(performance.now() - since).toBeGreaterThan(TIMEOUTS.writeMs);
    });
  });
});
