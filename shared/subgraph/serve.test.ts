import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'graphql';
import { pino } from 'pino';
import { tokenMint, tokenVerifier } from '../identity/internal-tokens.js';
import type { Outbox } from '../outbox/outbox.js';
import { serveSubgraph } from './serve.js';

const SECRET = 'the password of the database';

/** How many beds are occupied. */
let occupied = 0;

/** A context that remembers the reads of its request. */
interface RememberingContext {
  remembered: { looks: number; occupied?: number };
}

let dataFolder: string;
let subgraph: Awaited<ReturnType<typeof serveSubgraph>>;
let authorization: string;
/** Minted for a query, as one that a log or a dump of memory may hold. */
let forReading: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-subgraph-'));
  subgraph = await serveSubgraph(
    {
      name: 'wards',
      typeDefs: parse(`
        type Query { beds: Int, broken: Int, looks: Int! }
        type Mutation { admit: Int! }
      `),
      resolvers: [
        {
          Query: {
            beds: () => 4,
            broken: () => {
              throw new Error(SECRET);
            },
            looks: (_: unknown, __: unknown, { remembered }: RememberingContext) =>
              ++remembered.looks,
          },
          Mutation: {
            admit: (_: unknown, __: unknown, { remembered }: RememberingContext) => {
              remembered.occupied ??= occupied;
              occupied += 1;
              return remembered.occupied;
            },
          },
        },
      ],
      cursorField: '',
      context: (caller) => ({
        caller,
        outbox: undefined as unknown as Outbox,
        remembered: { looks: 0 },
      }),
    },
    {
      host: '127.0.0.1',
      port: 0,
      verify: tokenVerifier(dataFolder, 'wards', ['gateway']),
      log: pino({ level: 'silent' }),
      now: () => new Date(),
    },
  );
  const mint = await tokenMint(dataFolder, 'gateway');
  const claims = { roles: [], scopes: [], areas: [], facilities: [], organisations: [] };
  authorization = `Bearer ${await mint({ claims, mayChange: true }, 'wards')}`;
  forReading = `Bearer ${await mint({ claims, subject: 'human' }, 'wards')}`;
});
afterAll(async () => {
  await subgraph.close();
  await rm(dataFolder, { recursive: true });
});

async function execute<Result>(request: object, headers: Record<string, string> = {}) {
  const response = await fetch(subgraph.url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(request),
  });
  return (await response.json()) as Result;
}

/** The trace of Federation 1, in which field names and error messages stand as plain text. */
async function traceOf(query: string, headers: Record<string, string>) {
  const { extensions } = await execute<{ extensions?: { ftv1: string } }>({ query }, headers);
  return extensions && Buffer.from(extensions.ftv1, 'base64').toString('latin1');
}
const WITH_TRACE = { 'apollo-federation-include-trace': 'ftv1' };

test('a trace of the fields goes to a gateway that requests it, and to no other', async () => {
  expect(await traceOf('{ beds }', WITH_TRACE)).toContain('beds');
  expect(await traceOf('{ beds }', {})).toBeUndefined();
});

test('a trace does not contain the text of an error', async () => {
  const trace = await traceOf('{ broken }', WITH_TRACE);
  expect(trace).toContain('masked');
  expect(trace).not.toContain(SECRET);
});

test('the second change of a request sees what the first has done', async () => {
  const { data } = await execute<{ data: { first: number; second: number } }>({
    query: 'mutation { first: admit, second: admit }',
  });
  expect(data.second).toBe(data.first + 1);
});

test('each of several operations in one request remembers what it has read itself', async () => {
  const responses = await execute<unknown[]>([
    { query: '{ looks }' },
    { query: '{ looks, again: looks }' },
    { query: '{ looks }' },
  ]);
  expect(responses).toEqual([
    { data: { looks: 1 } },
    { data: { looks: 1, again: 2 } },
    { data: { looks: 1 } },
  ]);
});

test.each([
  ['alone', (query: string): object => ({ query })],
  [
    'behind a query of the same document',
    (query: string): object => ({
      query: `query Q { beds } ${query.replace('mutation', 'mutation M')}`,
      operationName: 'M',
    }),
  ],
  ['in a list', (query: string): object => [{ query: '{ beds }' }, { query }]],
])('a token minted for a read is refused for a mutation, %s', async (_, requestOf) => {
  const before = occupied;
  const request = requestOf('mutation { admit }');
  const response = await execute<unknown>(request, { authorization: forReading });
  expect([response].flat().at(-1)).toMatchObject({
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
  expect(occupied).toBe(before);
  expect(await execute({ query: '{ beds }' }, { authorization: forReading })).toMatchObject({
    data: { beds: 4 },
  });
});

test.each([
  ['without a token', {}],
  ['with a token that is not accepted', { authorization: 'Bearer a.b.c' }],
])('a request %s is refused before any of its body is sent', async (_, headers) => {
  for (const path of ['/graphql', '/nowhere']) {
    const sent = request(new URL(path, subgraph.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 4_000_000, ...headers },
    });
    sent.on('error', () => undefined);
    sent.flushHeaders();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(401);
    expect(JSON.parse(await text(response))).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    sent.destroy();
  }
});

test('everybody may check whether it lives', async () => {
  expect((await fetch(new URL('/healthz', subgraph.url))).status).toBe(200);
});
