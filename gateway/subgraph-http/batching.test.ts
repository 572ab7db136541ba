import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import {
  tokenMint,
  type InternalIdentity,
  type MintToken,
} from '../../shared/identity/internal-tokens.js';
import { ScriptedServer, type Exchange } from '../testing/scripted-server.js';
import { until } from '../testing/until.js';
import { WriteEpoch } from '../core/write-epoch.js';
import type { SubgraphRequestContext } from '../core/subgraph-request.js';
import type { FetchOutcome } from '../core/subgraph-request.js';
import { SubgraphSource } from './subgraph-source.js';

const claims = { roles: ['spoc'], scopes: [], areas: ['05'], facilities: [], organisations: [] };
const nrw: InternalIdentity = { claims, subject: 'ina' };
const bavaria: InternalIdentity = { claims: { ...claims, areas: ['09'] }, subject: 'udo' };

let folder: string;
let mint: MintToken;
let server: ScriptedServer;
let writes: WriteEpoch;
let sources: SubgraphSource[];
let outcomes: FetchOutcome[];
let log: string[];
/** Milliseconds of the subgraph's clock. */
let now: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vierblatt-together-'));
  mint = await tokenMint(folder, 'gateway');
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  [writes, sources, outcomes, log, now] = [new WriteEpoch(), [], [], [], 0];
  server = await ScriptedServer.open();
});
afterEach(async () => {
  for (const source of sources) await source.close();
  await server.close();
});

function subgraph(batchSize = 1): SubgraphSource {
  const source = new SubgraphSource({
    name: 'people',
    url: server.url,
    mint,
    isAudited: (query) => query.includes('audited'),
    log: pino(
      new Writable({
        write: (line, _, done) => {
          log.push(String(line));
          done();
        },
      }),
    ),
    timeoutMs: 5_000,
    batchSize,
    writes,
    fetched: (_, outcome) => outcomes.push(outcome),
    now: () => now,
  });
  sources.push(source);
  return source;
}

const requester =
  (source: SubgraphSource) =>
  (query: string, identity = nrw, forwarded?: SubgraphRequestContext['forwarded']) =>
    source.process({
      request: { query },
      context: { identity, ...(forwarded ? { forwarded } : {}) },
    });

/** Waits until every request of this tick has joined another or has been sent. */
const ticks = async () => {
  for (let tick = 0; tick < 5; tick += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('the same request, repeated while it is in flight', () => {
  it('is sent once, and each requester gets a response of its own', async () => {
    const request = requester(subgraph());
    const first = request('{ person { name } }');
    await server.received(1);
    const second = request('{ person { name } }');
    await ticks();
    server.sent[0]!.respond({ data: { person: { name: 'Ada' } } });
    const [one, other] = await Promise.all([first, second]);
    expect(server.sent).toHaveLength(1);
    expect(outcomes.sort()).toEqual(['answered', 'shared']);
    expect(one).toEqual(other);
    (one.data!['person'] as { name: string }).name = 'merged into';
    expect(other.data).toEqual({ person: { name: 'Ada' } });
  });

  it('is sent again after its response', async () => {
    const request = requester(subgraph());
    for (const count of [1, 2]) {
      const response = request('{ person { name } }');
      const sent = await server.received(count);
      sent[count - 1]!.respond({ data: null });
      await response;
    }
    expect(server.sent).toHaveLength(2);
  });

  it.each([
    ['by another claim set', '{ person }', bavaria, '{ person }'],
    ['with other words', '{ person }', nrw, '{  person }'],
    ['when it changes something', 'mutation { hire }', nrw, 'mutation { hire }'],
    ['when the subgraph gets the reader', '{ audited }', nrw, '{ audited }'],
  ])('is sent twice %s', async (_, query, identity, other) => {
    const request = requester(subgraph());
    const responses = [request(query), request(other, identity)];
    for (const sent of await server.received(2)) sent.respond({ data: null });
    await Promise.all(responses);
    expect(outcomes).toEqual(['answered', 'answered']);
  });

  it('is sent again after a write: a read after a mutation sees it', async () => {
    const request = requester(subgraph());
    const before = request('{ person }');
    await server.received(1);
    const change = request('mutation { hire }');
    await server.received(2);
    server.sent[1]!.respond({ data: { hire: true } });
    await change;
    const after = request('{ person }');
    await server.received(3);
    server.sent[2]!.respond({ data: { person: 'new' } });
    expect(await after).toEqual({ data: { person: 'new' } });
    server.sent[0]!.respond({ data: { person: 'old' } });
    expect(await before).toEqual({ data: { person: 'old' } });
  });

  it.each([
    ['no response', 'no GraphQL', 500],
    [
      'an outage',
      { data: null, errors: [{ message: '', extensions: { code: 'SERVICE_UNAVAILABLE' } }] },
      200,
    ],
    ['a fault', { data: { person: null }, errors: [{ message: 'the secret' }] }, 200],
  ])(
    'fails with %s only for the first requester; it is sent again once for all that waited',
    async (_, failure, status) => {
      const request = requester(subgraph());
      const first = Promise.allSettled([request('{ person }')]);
      const others = [request('{ person }'), request('{ person }'), request('{ person }')];
      await server.received(1);
      await ticks();
      server.sent[0]!.respond(failure, status);
      await server.received(2);
      await ticks();
      server.sent[1]!.respond({ data: { person: 'Ada' } });
      for (const response of others) expect(await response).toEqual({ data: { person: 'Ada' } });
      expect(JSON.stringify(await first)).toMatch(/SERVICE_UNAVAILABLE|INTERNAL_SERVER_ERROR/);
      expect(server.sent).toHaveLength(2);
      expect(log).toHaveLength(1);
    },
  );

  it('that fails again fails for all who waited, with one more line in the log', async () => {
    const request = requester(subgraph());
    const responses = [request('{ person }'), request('{ person }'), request('{ person }')];
    for (const count of [1, 2]) {
      const sent = await server.received(count);
      await ticks();
      sent[count - 1]!.respond({ data: null, errors: [{ message: 'the secret' }] });
    }
    const [, one, other] = await Promise.all(responses);
    expect(one).toEqual(other);
    expect(one!.errors![0]!.message).toContain('no fault of yours');
    expect(log).toHaveLength(2);
    expect(server.sent).toHaveLength(2);
  });

  it('is refused for all of them with what lies with the caller', async () => {
    const request = requester(subgraph());
    const responses = [request('{ person }'), request('{ person }')];
    const [sent] = await server.received(1);
    await ticks();
    const errors = [{ message: 'not yours', extensions: { code: 'FORBIDDEN' } }];
    sent!.respond({ data: null, errors });
    for (const response of responses) expect((await response).errors).toMatchObject(errors);
    expect(server.sent).toHaveLength(1);
  });
});

describe('requests of one tick to a subgraph that accepts batches', () => {
  /** A source that has asked these before, one after the other, and knows how many milliseconds each takes. */
  async function knowing(batchSize: number, times: Record<string, number>) {
    const source = subgraph(batchSize);
    for (const [query, ms] of Object.entries(times)) {
      const response = requester(source)(query);
      const [sent] = await server.received(1);
      now += ms;
      sent!.respond({ data: null });
      await response;
      server.sent.length = 0;
    }
    outcomes.length = 0;
    return source;
  }
  const quick = (...queries: string[]) => Object.fromEntries(queries.map((query) => [query, 1]));
  const respondAll = (sent: readonly Exchange[]) => {
    for (const { body, respond } of sent) {
      respond(Array.isArray(body) ? body.map(() => ({ data: null })) : { data: null });
    }
  };
  const queriesOf = ({ body }: Exchange) =>
    (Array.isArray(body) ? body : [body]).map(({ query }: { query: string }) => query);

  it('are one batch, and each has its response', async () => {
    const request = requester(await knowing(16, quick('{ a }', '{ b }')));
    const responses = [request('{ a }'), request('{ b }'), request('{ b }')];
    const [sent] = await server.received(1);
    expect(queriesOf(sent!)).toEqual(['{ a }', '{ b }']);
    sent!.respond([{ data: { a: 1 } }, { data: { b: [2] } }]);
    const [a, b, shared] = await Promise.all(responses);
    expect([a, b, shared]).toEqual([
      { data: { a: 1 } },
      { data: { b: [2] } },
      { data: { b: [2] } },
    ]);
    expect(b!.data!['b']).not.toBe(shared!.data!['b']);
    expect(outcomes.sort()).toEqual(['answered', 'answered', 'shared']);
  });

  it('are one batch too when they are made in consecutive ticks', async () => {
    const queries = ['{ a }', '{ b }', '{ c }'];
    const request = requester(await knowing(16, quick(...queries)));
    const responses = [];
    for (const query of queries) {
      responses.push(request(query));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const sent = await server.received(1);
    expect(sent.map(queriesOf)).toEqual([queries]);
    respondAll(sent);
    await Promise.all(responses);
  });

  it('go alone when there is one of them, as many as there may be otherwise', async () => {
    const queries = ['{ a }', '{ b }', '{ c }'];
    const request = requester(await knowing(2, quick(...queries)));
    const responses = queries.map((query) => request(query));
    respondAll(await server.received(2));
    await Promise.all(responses);
    expect(server.sent.map(({ body }) => (Array.isArray(body) ? body.length : 0)).sort()).toEqual([
      0, 2,
    ]);
  });

  it('never mix claim sets, humans, or the headers that go with them; and mutations go alone', async () => {
    const queries = ['{ a }', '{ b }', '{ audited c }', '{ audited d }', '{ e }', '{ f }', '{ g }'];
    const request = requester(await knowing(16, quick(...queries)));
    const trace = (id: string) => ({ traceparent: `00-${id.repeat(32)}-${id.repeat(16)}-01` });
    const responses = [
      request('{ a }'),
      request('{ b }', bavaria),
      request('{ audited c }'),
      request('{ audited d }'),
      request('{ e }', nrw, trace('a')),
      request('{ f }', nrw, trace('b')),
      request('{ g }', nrw, trace('b')),
      request('mutation { h }'),
      request('mutation { i }'),
    ];
    respondAll(await server.received(8));
    await Promise.all(responses);
    const together = server.sent.filter(({ body }) => Array.isArray(body));
    expect(together.map(queriesOf)).toEqual([['{ f }', '{ g }']]);
    const traced = server.sent.filter(({ headers }) => headers['traceparent'] !== undefined);
    expect(traced.map(({ headers }) => headers['traceparent']).sort()).toEqual(
      [trace('a'), trace('b')].map(({ traceparent }) => traceparent),
    );
    const tokenOf = (query: string) =>
      server.sent.find(({ requests }) => requests[0]!.query === query)?.headers.authorization;
    expect(new Set(['{ a }', '{ b }', '{ audited c }'].map(tokenOf)).size).toBe(3);
    expect(tokenOf('{ e }')).toBe(tokenOf('{ a }'));
  });

  it('go in several requests when they are too long for one', async () => {
    const long = (name: string, length: number) => `{ ${name}(text: "${'x'.repeat(length)}") }`;
    const queries = [...['a', 'b', 'c'].map((name) => long(name, 400_000)), long('d', 1_200_000)];
    const request = requester(await knowing(16, quick(...queries)));
    const responses = queries.map((query) => request(query));
    respondAll(await server.received(3));
    await Promise.all(responses);
    expect(server.sent.map((sent) => queriesOf(sent).length).sort()).toEqual([1, 1, 2]);
  });

  it('do not wait for one with a much higher latency, nor for one with an unknown latency', async () => {
    const request = requester(await knowing(16, { '{ slow }': 100, ...quick('{ a }', '{ b }') }));
    const responses = ['{ slow }', '{ a }', '{ new }', '{ b }'].map((query) => request(query));
    respondAll(await server.received(3));
    await Promise.all(responses);
    expect(server.sent.map(queriesOf)).toEqual(
      expect.arrayContaining([['{ slow }'], ['{ new }'], ['{ a }', '{ b }']]),
    );
  });

  it('have the responses of those that were not refused, under any status', async () => {
    const source = await knowing(16, quick('{ a }', '{ b }'));
    const request = requester(source);
    const responses = [request('{ a }'), request('{ b }')];
    const [sent] = await server.received(1);
    sent!.respond([{ data: { a: 1 } }, { errors: [{ message: 'no such field' }] }], 400);
    const [good, refused] = await Promise.all(responses);
    expect(good).toEqual({ data: { a: 1 } });
    expect(refused!.errors).toHaveLength(1);
    expect(source.isUnavailable).toBe(false);
  });
});

describe('a request', () => {
  it('keeps its own headers, whatever is passed on', async () => {
    const request = requester(subgraph());
    const response = request('{ a }', nrw, { authorization: 'Bearer mine', traceparent: 'x' });
    const [sent] = await server.received(1);
    sent!.respond({ data: null });
    await response;
    expect(sent!.headers.authorization).not.toContain('mine');
    expect(sent!.headers['traceparent']).toBe('x');
  });

  it('does not wait when its subgraph is closed', async () => {
    const source = subgraph();
    const response = requester(source)('{ a }');
    await server.received(1);
    await source.close();
    await expect(response).rejects.toThrow(/does not answer/);
    await until(() => outcomes.length === 1);
  });
});
