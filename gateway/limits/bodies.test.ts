import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { getIntrospectionQuery } from 'graphql';
import { Shop } from '../testing/shop.js';
import { until } from '../testing/until.js';

const KIB = 1024;

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());

const bearer = async (requested = {}) => `Bearer ${await shop.token(requested)}`;

interface BodyRequest {
  path?: string;
  authorization?: string | undefined;
  /** Without it the body is sent in chunks. */
  length?: number;
}

function open({ path = '/graphql', authorization, length }: BodyRequest): ClientRequest {
  const sent = request(`${shop.gateway.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(authorization !== undefined && { authorization }),
      ...(length !== undefined && { 'content-length': length }),
    },
  });
  sent.on('error', () => undefined);
  sent.flushHeaders();
  return sent;
}

async function responseTo(sent: ClientRequest) {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const { errors, data } = JSON.parse(await text(response)) as Record<string, any>;
  sent.destroy();
  const cost = /cost=(\d+)/.exec(String(response.headers['ratelimit']))?.[1];
  return { status: response.statusCode, code: errors?.[0]?.extensions?.code, errors, data, cost };
}

const padded = (bytes: number) => {
  const body = JSON.stringify({ query: '{ __typename }', variables: { x: '' } });
  return body.replace('""', `"${'x'.repeat(bytes - body.length)}"`);
};

describe.each(['/graphql', '/graphql/stream', '/nowhere'])('a body at %s', (path) => {
  it('of more than 16 KiB is refused without a token before any of it is sent', async () => {
    const response = await responseTo(open({ path, length: 16 * KIB + 1 }));
    expect(response).toMatchObject({ status: 413, code: 'TOO_MUCH' });
    expect(response.errors[0].message).toContain('without a token may have at most 16 KiB');
  });

  it('of more than 16 KiB is refused with a token that is not accepted before any of it is sent', async () => {
    const authorization = await bearer({ ttl: -60 });
    const response = await responseTo(open({ path, authorization, length: 16 * KIB + 1 }));
    expect(response).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(response.errors[0].message).toContain('expired');
  });

  it('of unknown length is refused without a token beyond 16 KiB', async () => {
    const sent = open({ path });
    sent.write(padded(16 * KIB + 1));
    expect(await responseTo(sent)).toMatchObject({ status: 413, code: 'TOO_MUCH' });
  });
});

it('a body of unknown length that nobody reads, or that breaks off, ends nothing', async () => {
  for (const authorization of [undefined, await bearer()]) {
    for (const contentType of ['text/plain', 'application/json']) {
      const { port, hostname } = new URL(shop.gateway.url);
      const socket = connect(Number(port), hostname);
      const head = authorization === undefined ? '' : `Authorization: ${authorization}\r\n`;
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: hub\r\nContent-Type: ${contentType}\r\n${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"qu`,
      );
      if (contentType === 'text/plain') {
        expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1.1 400 .*blocked/s);
      }
      socket.resetAndDestroy();
      await once(socket, 'close');
    }
  }
  expect((await shop.request('{ me { id } }')).status).toBe(200);
});

describe('a request without a token', () => {
  it('has room for the introspection query of GraphiQL', async () => {
    const body = JSON.stringify({ query: getIntrospectionQuery({ inputValueDeprecation: true }) });
    for (const length of [Buffer.byteLength(body), undefined]) {
      const sent = open(length === undefined ? {} : { length });
      sent.end(body);
      const { status, data } = await responseTo(sent);
      expect(status).toBe(200);
      expect(data.__schema.queryType.name).toBe('Query');
    }
  });
});

describe('the cost of a request', () => {
  it.each([
    [4 * KIB, 10],
    [4 * KIB + 1, 20],
    [16 * KIB, 40],
    [16 * KIB + 1, 50],
    [1_000 * KIB, 2_500],
  ])('grows with its body: %d bytes cost %d', async (bytes, cost) => {
    const authorization = await bearer({ subject: `sends ${bytes}` });
    const warm = open({ authorization, length: padded(100).length });
    warm.end(padded(100));
    expect((await responseTo(warm)).status).toBe(200);
    const sent = open({ authorization, length: bytes });
    sent.end(padded(bytes));
    expect(await responseTo(sent)).toMatchObject({ status: 200, cost: String(cost) });
    const chunked = open({ authorization });
    chunked.end(padded(bytes));
    expect(await responseTo(chunked)).toMatchObject({ status: 200, cost: String(cost + 10) });
  });

  it('is paid before a large body is read', async () => {
    const poor = await Shop.open({ limits: { costPerMinute: 100 } });
    const authorization = `Bearer ${await poor.token()}`;
    const sent = request(`${poor.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 100 * KIB, authorization },
    });
    sent.on('error', () => undefined);
    sent.flushHeaders();
    expect(await responseTo(sent)).toMatchObject({ status: 429, code: 'TOO_MUCH' });
    await poor.close();
  });

  it('grows with the message on a WebSocket', async () => {
    const client = await shop.client({ subject: 'on a socket' });
    const variables = { x: 'x'.repeat(100 * KIB) };
    const request = async (sent: object) => {
      const results = client.iterate<object, { rateLimit: { cost: number } }>({
        query: '{ __typename }',
        extensions: { rateLimit: true },
        ...sent,
      });
      const { value } = await results.next();
      return value?.extensions?.rateLimit.cost;
    };
    await request({});
    expect(await request({})).toBe(10);
    expect(await request({ variables })).toBe(260);
  });
});

describe('a WebSocket without a token', () => {
  it('closes for a first message of more than 16 KiB', async () => {
    const socket = shop.socket();
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { x: 'x'.repeat(16 * KIB) } }));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
  });

  it('fills no log with broken frames', async () => {
    const url = new URL(shop.gateway.url);
    const head =
      'GET /graphql HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n';
    let closed = 0;
    for (let n = 0; n < 50; n += 1) {
      const socket = connect(Number(url.port), url.hostname);
      socket.on('error', () => undefined);
      socket.once('close', () => (closed += 1));
      socket.write(head);
      socket.once('data', () => socket.write(Buffer.from([0xff, 0xff])));
      socket.resume();
    }
    await until(() => closed === 50);
    const lines = shop.log.filter((line) => line.includes('a WebSocket of a client failed'));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(20);
  });
});
