import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenMint, tokenVerifier } from '../identity/index.js';
import type { TypedDocument } from '../graphql-client/index.js';
import { SubgraphClient, SubgraphUnavailable } from './client.js';

let dataFolder: string;
let server: Server;
let client: SubgraphClient;
let respond: (request: IncomingMessage, response: ServerResponse) => void;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'subgraph-client-'));
  server = createServer((request, response) => respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const mint = await tokenMint(dataFolder, 'patients');
  client = new SubgraphClient('capacity', { url: `http://127.0.0.1:${port}/graphql`, mint });
});
afterAll(async () => {
  const closed = client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await closed;
  await rm(dataFolder, { recursive: true });
});

const body = (content: unknown) => (_: IncomingMessage, response: ServerResponse) => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(content));
};

const operation = (text: string): TypedDocument<object, object> => ({ toString: () => text });
const READ = operation('{ ok }');
const CHANGE = operation('\n    mutation Change { done }');

/** A time limit for requests that must succeed however busy the machine is. */
const LONG_MS = 50_000;

test('a request acts under the role of the hub’s services, which partners’ machines cannot have, and names the person', async () => {
  let authorization: string | undefined;
  respond = (request, response) => {
    authorization = request.headers.authorization;
    body({ data: { done: true } })(request, response);
  };
  expect(await client.request(CHANGE, {}, { actor: 'nurse 7' })).toEqual({ done: true });
  const verify = tokenVerifier(dataFolder, 'capacity', ['patients']);
  const { claims, subject, mayChange } = await verify(authorization!.replace('Bearer ', ''));
  expect(subject).toBe('nurse 7');
  expect(mayChange).toBe(true);
  expect(claims).toMatchObject({ roles: ['subgraph'], areas: [''] });
});

test('a request without a person names nobody', async () => {
  let authorization = '';
  respond = (request, response) => {
    authorization = request.headers.authorization!;
    body({ data: { name: 'Köln' } })(request, response);
  };
  await client.request(READ, {});
  const verify = tokenVerifier(dataFolder, 'capacity', ['patients']);
  const reading = await verify(authorization.replace('Bearer ', ''));
  expect(reading).not.toHaveProperty('subject');
  expect(reading).not.toHaveProperty('mayChange');
});

test('a request with a shorter time limit ends first', async () => {
  respond = () => undefined;
  const order: string[] = [];
  const ended = (name: string, options?: { timeoutMs: number }) =>
    client.request(READ, {}, options).catch((error: unknown) => {
      expect(error).toBeInstanceOf(SubgraphUnavailable);
      order.push(name);
    });
  await Promise.all([ended('default time limit'), ended('shorter one', { timeoutMs: 1 })]);
  expect(order).toEqual(['shorter one', 'default time limit']);
});

test('an error of the request carries the message of the subgraph and is no outage', async () => {
  respond = body({
    errors: [{ message: 'no such field', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  });
  const failure = client.request(operation('{ nothing }'), {});
  await expect(failure).rejects.toThrow('no such field');
  await expect(failure).rejects.not.toBeInstanceOf(SubgraphUnavailable);
});

test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
  [
    'its database is down',
    body({ errors: [{ message: 'no data', extensions: { code: 'SERVICE_UNAVAILABLE' } }] }),
  ],
  ['the connection breaks', (request) => request.socket.destroy()],
  ['the response is no GraphQL', (_, response) => response.end('<html>')],
  [
    'the response breaks off',
    (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"data"');
      response.destroy();
    },
  ],
])('the subgraph is unavailable when %s', async (_, act) => {
  respond = act;
  await expect(client.request(READ, {})).rejects.toBeInstanceOf(SubgraphUnavailable);
});

test('no more than 16 requests are in flight in a rush, and all receive a response', async () => {
  let inFlight = 0;
  let most = 0;
  respond = (request, response) => {
    most = Math.max(most, ++inFlight);
    setImmediate(() => {
      inFlight--;
      body({ data: { ok: true } })(request, response);
    });
  };
  const request = () => client.request(READ, {}, { timeoutMs: LONG_MS });
  const responses = await Promise.all(Array.from({ length: 200 }, request));
  expect(responses).toHaveLength(200);
  expect(most).toBeLessThanOrEqual(16);
});

test('waiting requests fail at once when the subgraph stops listening', async () => {
  const { port } = server.address() as AddressInfo;
  let received = 0;
  const allWait = new Promise<void>((resolve) => {
    respond = () => ++received === 16 && resolve();
  });
  const requests = Array.from({ length: 60 }, () => client.request(READ, {}));
  const ended = Promise.allSettled(requests);
  await allWait;
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  const ends = await ended;
  const failures = ends.map((end) => end.status === 'rejected' && (end.reason as unknown));
  expect(failures).toHaveLength(60);
  for (const failure of failures) expect(failure).toBeInstanceOf(SubgraphUnavailable);
  // Requests that still waited share the failure of one that was refused.
  expect(new Set(failures).size).toBeLessThan(60);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  respond = body({ data: { ok: true } });
  expect(await client.request(READ, {})).toEqual({ ok: true });
});

test('a request whose connection breaks fails alone, and the waiting ones receive their responses', async () => {
  let received = 0;
  respond = (request, response) => {
    if (++received === 1) request.socket.destroy();
    else body({ data: { ok: true } })(request, response);
  };
  const request = () => client.request(READ, {}, { timeoutMs: LONG_MS });
  const ends = await Promise.allSettled(Array.from({ length: 60 }, request));
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});
