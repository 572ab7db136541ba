import { responses, EDGES, type Edge } from './testing/edges.js';
import { RawClient } from './testing/raw-client.js';

/** As the HTTP client of the JDK (21) offers HTTP/2 with every request. */
const H2C =
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n';
const WEBSOCKET = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';

describe.each(EDGES)('%s', (_, open) => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await open();
  });
  afterAll(() => edge.close());

  const post = (body: string, headers: string) =>
    `POST /graphql HTTP/1.1\r\nHost: hub\r\n${headers}Authorization: ${edge.authorization}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const body = (padding = '') => JSON.stringify({ query: edge.query, padding });

  describe('a request for a WebSocket', () => {
    it.each([
      ['a target that no URL has', '//', 404],
      ['a target with an empty host', 'http://', 400],
      ['a target that is no path', '*', 400],
      ['another path', '/elsewhere', 404],
      ['a path with broken escapes', '/graphql%', 404],
      ['the right path and no key', '/graphql', 400],
    ])('with %s is refused on its connection alone', async (_title, target, status) => {
      const client = await RawClient.connect(edge.origin);
      client.send(`GET ${target} HTTP/1.1\r\nHost: h\r\n${WEBSOCKET}\r\n`);
      await client.ended();
      expect(client.received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      client.close();
      expect(await responses(edge)).toBe(true);
    });

    it('whose client resets the connection harms nobody', async () => {
      for (const target of ['//', '/elsewhere', '/graphql']) {
        const client = await RawClient.connect(edge.origin);
        client.send(`GET ${target} HTTP/1.1\r\nHost: h\r\n${WEBSOCKET}\r\n`);
        await new Promise((resolve) => client.socket.write('', resolve));
        client.reset();
      }
      expect(await responses(edge)).toBe(true);
    });

    it('that is refused leaves no connection open, also when the client keeps its half', async () => {
      const client = await RawClient.connect(edge.origin);
      client.send(`GET /elsewhere HTTP/1.1\r\nHost: h\r\n${WEBSOCKET}\r\n`);
      await client.ended();
      // A write to a connection that the other side has closed is reset.
      for (; !client.isClosed; await new Promise((resolve) => setImmediate(resolve)))
        client.send('x');
      expect(client.isClosed).toBe(true);
    });
  });

  describe('an offer of HTTP/2 without TLS', () => {
    it('is ignored, and the request answered', async () => {
      const client = await RawClient.connect(edge.origin);
      client.send(post(body(), H2C));
      await client.receive('"data":{');
      expect(client.received).toMatch(/^HTTP\/1.1 200 /);
      client.close();
    });

    it('is ignored with a body that comes in many packets', async () => {
      const client = await RawClient.connect(edge.origin);
      const whole = post(body('ä'.repeat(300_000)), H2C);
      const bytes = Buffer.from(whole);
      client.socket.setNoDelay(true);
      for (const [from, to] of [
        [0, 20],
        [20, 200],
        [200, 70_000],
        [70_000, bytes.length],
      ] as const) {
        await new Promise((resolve) => client.socket.write(bytes.subarray(from, to), resolve));
        await responses(edge); // the server has read everything sent before
      }
      await client.receive('"data":{');
      expect(client.received).toMatch(/^HTTP\/1.1 200 /);
      client.close();
    });

    it('is ignored in every request of one connection, without a warning', async () => {
      const warnings: unknown[] = [];
      const warn = (warning: unknown) => warnings.push(warning);
      process.on('warning', warn);
      const client = await RawClient.connect(edge.origin);
      for (let requests = 1; requests <= 30; requests += 1) {
        client.send(post(body(), H2C));
        await client.receive('"data":{');
        client.received = '';
      }
      client.close();
      process.off('warning', warn);
      expect(warnings).toEqual([]);
    });

    it('is ignored in a request without a body', async () => {
      const client = await RawClient.connect(edge.origin);
      client.send(`GET /healthz HTTP/1.1\r\nHost: h\r\n${H2C}\r\n`);
      await client.receive('alive');
      expect(client.received).toMatch(/^HTTP\/1.1 200 /);
      client.close();
    });

    it('does not let a pipelined request overtake the one before it', async () => {
      const client = await RawClient.connect(edge.origin);
      client.send(post(body(), '') + `GET /healthz HTTP/1.1\r\nHost: h\r\n${H2C}\r\n`);
      await client.receive('"alive"');
      expect(client.received.indexOf('"data":{')).toBeGreaterThan(0);
      expect(client.received.indexOf('"data":{')).toBeLessThan(client.received.indexOf('"alive"'));
      client.close();
    });
  });
});
