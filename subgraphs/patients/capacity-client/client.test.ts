import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenMint, tokenVerifier } from '../../../shared/identity/internal-tokens.js';
import { CapacityAway, CapacityLink } from './client.js';

let dataFolder: string;
let server: Server;
let link: CapacityLink;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'link-'));
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const mint = await tokenMint(dataFolder, 'patients');
  link = new CapacityLink({ url: `http://127.0.0.1:${port}/graphql`, mint });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(dataFolder, { recursive: true });
});

const says = (body: unknown) => (_: IncomingMessage, response: ServerResponse) => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
};

/** For those who are to be answered however busy the machine is. */
const PATIENCE_MS = 50_000;

test('a call acts with the service’s own rights and names the human', async () => {
  let authorization: string | undefined;
  answer = (request, response) => {
    authorization = request.headers.authorization;
    says({ data: { done: true } })(request, response);
  };
  expect(await link.ask('mutation { done }', {}, 'nurse 7')).toEqual({ done: true });
  const verify = tokenVerifier(dataFolder, 'capacity', ['patients']);
  const { claims, subject, mayChange } = await verify(authorization!.replace('Bearer ', ''));
  expect(subject).toBe('nurse 7');
  expect(mayChange).toBe(true);
  expect(claims).toMatchObject({ roles: ['service'], areas: [''] });
});

test('without a human nobody is named', async () => {
  let authorization = '';
  answer = (request, response) => {
    authorization = request.headers.authorization!;
    says({ data: { name: 'Köln' } })(request, response);
  };
  await link.ask('{ name }', {});
  const verify = tokenVerifier(dataFolder, 'capacity', ['patients']);
  const reading = await verify(authorization.replace('Bearer ', ''));
  expect(reading).not.toHaveProperty('subject');
  expect(reading).not.toHaveProperty('mayChange');
});

test('who says how long he waits hears then that nothing came', async () => {
  answer = () => undefined;
  const order: string[] = [];
  const ask = (name: string, patienceMs?: number) =>
    link.ask('{ ok }', {}, undefined, patienceMs).catch((error: unknown) => {
      expect(error).toBeInstanceOf(CapacityAway);
      order.push(name);
    });
  await Promise.all([ask('with the usual patience'), ask('with less', 1)]);
  expect(order).toEqual(['with less', 'with the usual patience']);
});

test('an error of the request is capacity’s words, not an outage', async () => {
  answer = says({
    errors: [{ message: 'no such field', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  });
  const failure = link.ask('{ nothing }', {});
  await expect(failure).rejects.toThrow('no such field');
  await expect(failure).rejects.not.toBeInstanceOf(CapacityAway);
});

test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
  [
    'its database is away',
    says({ errors: [{ message: 'no data', extensions: { code: 'SERVICE_UNAVAILABLE' } }] }),
  ],
  ['the connection breaks', (request) => request.socket.destroy()],
  ['what answers is no GraphQL', (_, response) => response.end('<html>')],
  [
    'the answer breaks off',
    (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"data"');
      response.destroy();
    },
  ],
])('capacity is away when %s', async (_, act) => {
  answer = act;
  await expect(link.ask('{ name }', {})).rejects.toBeInstanceOf(CapacityAway);
});

test('a rush waits for its turn: no more than 16 calls are in flight, and all are answered', async () => {
  let inFlight = 0;
  let most = 0;
  answer = (request, response) => {
    most = Math.max(most, ++inFlight);
    setImmediate(() => {
      inFlight--;
      says({ data: { ok: true } })(request, response);
    });
  };
  const ask = () => link.ask('{ ok }', {}, undefined, PATIENCE_MS);
  const answers = await Promise.all(Array.from({ length: 200 }, ask));
  expect(answers).toHaveLength(200);
  expect(most).toBeLessThanOrEqual(16);
});

test('those who wait for their turn hear at once that capacity has gone', async () => {
  const { port } = server.address() as AddressInfo;
  let asked = 0;
  const allWait = new Promise<void>((resolve) => {
    answer = () => ++asked === 16 && resolve();
  });
  const calls = Array.from({ length: 60 }, () => link.ask('{ ok }', {}));
  const settled = Promise.allSettled(calls);
  await allWait;
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  const ends = await settled;
  const failures = ends.map((end) => end.status === 'rejected' && (end.reason as unknown));
  expect(failures).toHaveLength(60);
  for (const failure of failures) expect(failure).toBeInstanceOf(CapacityAway);
  // Those who still waited got the failure of one who was refused.
  expect(new Set(failures).size).toBeLessThan(60);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  answer = says({ data: { ok: true } });
  expect(await link.ask('{ ok }', {})).toEqual({ ok: true });
});

test('a call that fails with nobody refused fails alone: those who wait for their turn are answered', async () => {
  let asked = 0;
  answer = (request, response) => {
    if (++asked === 1) request.socket.destroy();
    else says({ data: { ok: true } })(request, response);
  };
  const ask = () => link.ask('{ ok }', {}, undefined, PATIENCE_MS);
  const ends = await Promise.allSettled(Array.from({ length: 60 }, ask));
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});
