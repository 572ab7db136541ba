import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { tokenMint, type MintToken } from '../../shared/identity/internal-tokens.js';
import { ScriptedServer, type Exchange } from '../testing/scripted-server.js';
import { until } from '../testing/until.js';
import type { FetchOutcome } from '../core/subgraph-request.js';
import { SubgraphSource } from './subgraph-source.js';

const identity = {
  claims: { roles: ['spoc'], scopes: [], areas: ['05'], facilities: [], organisations: [] },
};

let folder: string;
let mint: MintToken;
let server: ScriptedServer;
let source: SubgraphSource;
let outcomes: FetchOutcome[];
let log: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vierblatt-lists-'));
  mint = await tokenMint(folder, 'gateway');
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  [outcomes, log] = [[], []];
  server = await ScriptedServer.open();
  const lines = new Writable({
    write: (line, _, done) => {
      log.push(String(line));
      done();
    },
  });
  source = new SubgraphSource({
    name: 'people',
    url: server.url,
    mint,
    log: pino(lines),
    timeoutMs: 5_000,
    batchSize: 16,
    fetched: (_, outcome) => outcomes.push(outcome),
    now: () => 0,
  });
});
afterEach(async () => {
  await source.close();
  await server.close();
});

const request = (query: string) => source.process({ request: { query }, context: { identity } });

/** Sends each query once by itself: only queries with a known latency are batched. */
async function makeKnown(queries: readonly string[]): Promise<void> {
  for (const query of queries) {
    const response = request(query);
    for (const sent of await server.received(1)) sent.respond({ data: null });
    await response;
    server.sent.length = 0;
  }
  outcomes.length = 0;
}

describe('requests of one tick to a subgraph that refuses batches', () => {
  /** Answers single requests, and lists with what `refuse` does. */
  const refusing = (refuse: (sent: Exchange) => void) => {
    let handled = 0;
    return async (count: number) => {
      const sent = await server.received(count);
      for (; handled < count; handled += 1) {
        const { body, requests, respond } = sent[handled]!;
        if (Array.isArray(body)) refuse(sent[handled]!);
        else respond({ data: { of: requests[0]!.query } });
      }
    };
  };
  const expected = (queries: readonly string[]) => queries.map((of) => ({ data: { of } }));

  it.each<[string, (sent: Exchange) => void]>([
    ['400', ({ respond }) => respond({ errors: [{ message: 'no lists' }] }, 400)],
    ...[403, 404, 405, 413, 415, 422, 500, 501].map(
      (status): [string, (sent: Exchange) => void] => [
        String(status),
        ({ respond }) => respond('no', status),
      ],
    ),
    ['an object', ({ respond }) => respond({ data: null })],
    ['an empty list', ({ respond }) => respond([])],
    ['a list of one', ({ respond }) => respond([{ errors: [{ message: 'no lists' }] }])],
    [
      'a list that is too long',
      ({ requests, respond }) => respond([...requests, {}].map(() => ({ data: {} }))),
    ],
    [
      'a list with something else in it',
      ({ requests, respond }) => respond(requests.map(() => 'x')),
    ],
    ['a page', ({ page }) => page('<html>')],
    ['nothing', ({ page }) => page('')],
    ['a broken connection', ({ breakOff }) => breakOff()],
  ])('are sent singly once a batch gets %s', async (_, refuse) => {
    const queries = ['{ a }', '{ b }', '{ c }'];
    await makeKnown(queries);
    const respondNext = refusing(refuse);
    const lists = () => server.sent.filter(({ body }) => Array.isArray(body)).length;

    const first = Promise.all(queries.map((query) => request(query)));
    await until(async () => {
      await respondNext(server.sent.length);
      return server.sent.length === lists() + queries.length;
    });
    expect(await first).toEqual(expected(queries));
    const refusedLists = lists();

    const second = Promise.all(queries.map((query) => request(query)));
    await respondNext(refusedLists + 2 * queries.length);
    expect(await second).toEqual(expected(queries));
    expect(lists()).toBe(refusedLists);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('refuses batches');
    expect(source.circuit).toBe('closed');
    expect(source.isUnavailable).toBe(false);
    expect(outcomes).toEqual(Array.from({ length: 6 }, () => 'answered'));
  });

  it('go in one request again after a change of the schema, and after a reconnect', async () => {
    const queries = ['{ a }', '{ b }'];
    await makeKnown(queries);
    const reconnect = async () => {
      await server.closeConnections();
      server.sent.length = 0;
      const response = request('{ a }');
      for (const sent of await server.received(1)) sent.respond({ data: null });
      await response; // by now the source has noticed
    };
    const looksAgain = [async () => source.schemaChanged(), reconnect];
    for (const allowBatches of [() => Promise.resolve(), ...looksAgain]) {
      await allowBatches();
      server.sent.length = 0;
      const responses = Promise.all(queries.map((query) => request(query)));
      const respondNext = refusing(({ respond }) => respond('no', 400));
      await respondNext(1);
      await respondNext(3);
      expect(await responses).toEqual(expected(queries));
      expect(server.sent.map(({ body }) => Array.isArray(body))).toEqual([true, false, false]);
    }
    expect(log).toHaveLength(1);

    source.schemaChanged();
    server.sent.length = 0;
    const responses = Promise.all(queries.map((query) => request(query)));
    for (const { requests, respond } of await server.received(1)) {
      respond(requests.map(() => ({ data: null })));
    }
    await responses;
    expect(server.sent).toHaveLength(1);
  });

  it('fail together when the subgraph answers neither a list nor single requests, as one failure', async () => {
    const queries = Array.from({ length: 10 }, (_, index) => `{ field${index} }`);
    await makeKnown(queries);
    const responses = queries.map((query) => request(query));
    for (const { respond } of await server.received(1)) respond('no', 500);
    for (const { respond } of (await server.received(11)).slice(1)) respond('no', 500);
    const results = await Promise.allSettled(responses);
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(source.circuit).toBe('closed');
    expect(source.isUnavailable).toBe(true);
    expect(log.some((line) => line.includes('refuses batches'))).toBe(false);
  });

  it.each([401, 429, 502, 503, 504])(
    'are not sent again singly when a list is answered with %i',
    async (status) => {
      const queries = ['{ a }', '{ b }'];
      await makeKnown(queries);
      const responses = queries.map((query) => request(query));
      for (const { respond } of await server.received(1)) respond('no', status);
      const results = await Promise.allSettled(responses);
      expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
      expect(server.sent).toHaveLength(1);
    },
  );

  it('fail each by itself when they are sent singly', async () => {
    const queries = ['{ a }', '{ b }'];
    await makeKnown(queries);
    const responses = queries.map((query) => request(query));
    for (const { respond } of await server.received(1)) respond('no', 400);
    for (const { requests, respond } of (await server.received(3)).slice(1)) {
      if (requests[0]!.query === '{ a }') respond({ data: { a: 1 } });
      else respond('no', 500);
    }
    const [good, failed] = await Promise.allSettled(responses);
    expect(good).toEqual({ status: 'fulfilled', value: { data: { a: 1 } } });
    expect(failed!.status).toBe('rejected');
  });
});
