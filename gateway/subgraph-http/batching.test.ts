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
import { ScriptedServer, type Sent } from '../testing/scripted-server.js';
import { until } from '../testing/until.js';
import { Changes } from '../core/write-epoch.js';
import type { QuestionContext } from '../core/subgraph-request.js';
import { SubgraphSource, type FetchOutcome } from './subgraph-source.js';

const claims = { roles: ['spoc'], scopes: [], areas: ['05'], facilities: [] };
const nrw: InternalIdentity = { claims, subject: 'ina' };
const bavaria: InternalIdentity = { claims: { ...claims, areas: ['09'] }, subject: 'udo' };

let folder: string;
let mint: MintToken;
let server: ScriptedServer;
let changes: Changes;
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
  [changes, sources, outcomes, log, now] = [new Changes(), [], [], [], 0];
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
    changes,
    fetched: (_, outcome) => outcomes.push(outcome),
    now: () => now,
  });
  sources.push(source);
  return source;
}

const asking =
  (source: SubgraphSource) =>
  (query: string, identity = nrw, forwarded?: QuestionContext['forwarded']) =>
    source.process({
      request: { query },
      context: { identity, ...(forwarded ? { forwarded } : {}) },
    });

/** All that are asked in this turn have found out whether they may join. */
const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('the same question, asked again while it is under way', () => {
  it('is asked once, and each who asked has an answer of his own', async () => {
    const ask = asking(subgraph());
    const first = ask('{ person { name } }');
    await server.received(1);
    const second = ask('{ person { name } }');
    await settled();
    server.sent[0]!.answer({ data: { person: { name: 'Ada' } } });
    const [one, other] = await Promise.all([first, second]);
    expect(server.sent).toHaveLength(1);
    expect(outcomes.sort()).toEqual(['answered', 'shared']);
    expect(one).toEqual(other);
    (one.data!['person'] as { name: string }).name = 'merged into';
    expect(other.data).toEqual({ person: { name: 'Ada' } });
  });

  it('is asked anew when it was answered', async () => {
    const ask = asking(subgraph());
    for (const count of [1, 2]) {
      const answer = ask('{ person { name } }');
      const sent = await server.received(count);
      sent[count - 1]!.answer({ data: null });
      await answer;
    }
    expect(server.sent).toHaveLength(2);
  });

  it.each([
    ['by another claim set', '{ person }', bavaria, '{ person }'],
    ['with other words', '{ person }', nrw, '{  person }'],
    ['when it changes something', 'mutation { hire }', nrw, 'mutation { hire }'],
    ['when the subgraph is told who reads it', '{ audited }', nrw, '{ audited }'],
  ])('is asked twice %s', async (_, query, identity, other) => {
    const ask = asking(subgraph());
    const answers = [ask(query), ask(other, identity)];
    for (const sent of await server.received(2)) sent.answer({ data: null });
    await Promise.all(answers);
    expect(outcomes).toEqual(['answered', 'answered']);
  });

  it('is asked anew once something has changed: who asks after a mutation sees it', async () => {
    const ask = asking(subgraph());
    const before = ask('{ person }');
    await server.received(1);
    const change = ask('mutation { hire }');
    await server.received(2);
    server.sent[1]!.answer({ data: { hire: true } });
    await change;
    const after = ask('{ person }');
    await server.received(3);
    server.sent[2]!.answer({ data: { person: 'new' } });
    expect(await after).toEqual({ data: { person: 'new' } });
    server.sent[0]!.answer({ data: { person: 'old' } });
    expect(await before).toEqual({ data: { person: 'old' } });
  });

  it.each([
    ['no answer', 'no GraphQL', 500],
    [
      'an outage',
      { data: null, errors: [{ message: '', extensions: { code: 'SERVICE_UNAVAILABLE' } }] },
      200,
    ],
    ['a fault', { data: { person: null }, errors: [{ message: 'the secret' }] }, 200],
  ])(
    'fails with %s only for who asked first; those who waited have it asked again, together',
    async (_, failure, status) => {
      const ask = asking(subgraph());
      const first = Promise.allSettled([ask('{ person }')]);
      const others = [ask('{ person }'), ask('{ person }'), ask('{ person }')];
      await server.received(1);
      await settled();
      server.sent[0]!.answer(failure, status);
      await server.received(2);
      await settled();
      server.sent[1]!.answer({ data: { person: 'Ada' } });
      for (const answer of others) expect(await answer).toEqual({ data: { person: 'Ada' } });
      expect(JSON.stringify(await first)).toMatch(/SERVICE_UNAVAILABLE|INTERNAL_SERVER_ERROR/);
      expect(server.sent).toHaveLength(2);
      expect(log).toHaveLength(1);
    },
  );

  it('that fails again fails for all who waited, with one more line in the log', async () => {
    const ask = asking(subgraph());
    const answers = [ask('{ person }'), ask('{ person }'), ask('{ person }')];
    for (const count of [1, 2]) {
      const sent = await server.received(count);
      await settled();
      sent[count - 1]!.answer({ data: null, errors: [{ message: 'the secret' }] });
    }
    const [, one, other] = await Promise.all(answers);
    expect(one).toEqual(other);
    expect(one!.errors![0]!.message).toContain('no fault of yours');
    expect(log).toHaveLength(2);
    expect(server.sent).toHaveLength(2);
  });

  it('is refused for all of them with what lies with the caller', async () => {
    const ask = asking(subgraph());
    const answers = [ask('{ person }'), ask('{ person }')];
    const [sent] = await server.received(1);
    await settled();
    const errors = [{ message: 'not yours', extensions: { code: 'FORBIDDEN' } }];
    sent!.answer({ data: null, errors });
    for (const answer of answers) expect((await answer).errors).toMatchObject(errors);
    expect(server.sent).toHaveLength(1);
  });
});

describe('questions of one turn to a subgraph that takes lists', () => {
  /** A source that has asked these before, one after the other, and knows how many milliseconds each takes. */
  async function knowing(batchSize: number, times: Record<string, number>) {
    const source = subgraph(batchSize);
    for (const [query, ms] of Object.entries(times)) {
      const answer = asking(source)(query);
      const [sent] = await server.received(1);
      now += ms;
      sent!.answer({ data: null });
      await answer;
      server.sent.length = 0;
    }
    outcomes.length = 0;
    return source;
  }
  const quick = (...queries: string[]) => Object.fromEntries(queries.map((query) => [query, 1]));
  const answerAll = (sent: readonly Sent[]) => {
    for (const { body, answer } of sent) {
      answer(Array.isArray(body) ? body.map(() => ({ data: null })) : { data: null });
    }
  };
  const queriesOf = ({ body }: Sent) =>
    (Array.isArray(body) ? body : [body]).map(({ query }: { query: string }) => query);

  it('go in one request, and each has its answer', async () => {
    const ask = asking(await knowing(16, quick('{ a }', '{ b }')));
    const answers = [ask('{ a }'), ask('{ b }'), ask('{ b }')];
    const [sent] = await server.received(1);
    expect(queriesOf(sent!)).toEqual(['{ a }', '{ b }']);
    sent!.answer([{ data: { a: 1 } }, { data: { b: [2] } }]);
    const [a, b, shared] = await Promise.all(answers);
    expect([a, b, shared]).toEqual([
      { data: { a: 1 } },
      { data: { b: [2] } },
      { data: { b: [2] } },
    ]);
    expect(b!.data!['b']).not.toBe(shared!.data!['b']);
    expect(outcomes.sort()).toEqual(['answered', 'answered', 'shared']);
  });

  it('go in one request too when they come up in turns that follow each other', async () => {
    const queries = ['{ a }', '{ b }', '{ c }'];
    const ask = asking(await knowing(16, quick(...queries)));
    const answers = [];
    for (const query of queries) {
      answers.push(ask(query));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const sent = await server.received(1);
    expect(sent.map(queriesOf)).toEqual([queries]);
    answerAll(sent);
    await Promise.all(answers);
  });

  it('go alone when there is one of them, as many as there may be otherwise', async () => {
    const queries = ['{ a }', '{ b }', '{ c }'];
    const ask = asking(await knowing(2, quick(...queries)));
    const answers = queries.map((query) => ask(query));
    answerAll(await server.received(2));
    await Promise.all(answers);
    expect(server.sent.map(({ body }) => (Array.isArray(body) ? body.length : 0)).sort()).toEqual([
      0, 2,
    ]);
  });

  it('never mix claim sets, humans, or the headers that go with them; and mutations go alone', async () => {
    const queries = ['{ a }', '{ b }', '{ audited c }', '{ audited d }', '{ e }', '{ f }', '{ g }'];
    const ask = asking(await knowing(16, quick(...queries)));
    const trace = (id: string) => ({ traceparent: `00-${id.repeat(32)}-${id.repeat(16)}-01` });
    const answers = [
      ask('{ a }'),
      ask('{ b }', bavaria),
      ask('{ audited c }'),
      ask('{ audited d }'),
      ask('{ e }', nrw, trace('a')),
      ask('{ f }', nrw, trace('b')),
      ask('{ g }', nrw, trace('b')),
      ask('mutation { h }'),
      ask('mutation { i }'),
    ];
    answerAll(await server.received(8));
    await Promise.all(answers);
    const together = server.sent.filter(({ body }) => Array.isArray(body));
    expect(together.map(queriesOf)).toEqual([['{ f }', '{ g }']]);
    const traced = server.sent.filter(({ headers }) => headers['traceparent'] !== undefined);
    expect(traced.map(({ headers }) => headers['traceparent']).sort()).toEqual(
      [trace('a'), trace('b')].map(({ traceparent }) => traceparent),
    );
    const tokenOf = (query: string) =>
      server.sent.find(({ body }) => body.query === query)?.headers.authorization;
    expect(new Set(['{ a }', '{ b }', '{ audited c }'].map(tokenOf)).size).toBe(3);
    expect(tokenOf('{ e }')).toBe(tokenOf('{ a }'));
  });

  it('go in several requests when they are too long for one', async () => {
    const long = (name: string, length: number) => `{ ${name}(text: "${'x'.repeat(length)}") }`;
    const queries = [...['a', 'b', 'c'].map((name) => long(name, 400_000)), long('d', 1_200_000)];
    const ask = asking(await knowing(16, quick(...queries)));
    const answers = queries.map((query) => ask(query));
    answerAll(await server.received(3));
    await Promise.all(answers);
    expect(server.sent.map((sent) => queriesOf(sent).length).sort()).toEqual([1, 1, 2]);
  });

  it('do not wait for one that usually takes much longer, nor for one that nobody knows', async () => {
    const ask = asking(await knowing(16, { '{ slow }': 100, ...quick('{ a }', '{ b }') }));
    const answers = ['{ slow }', '{ a }', '{ new }', '{ b }'].map((query) => ask(query));
    answerAll(await server.received(3));
    await Promise.all(answers);
    expect(server.sent.map(queriesOf)).toEqual(
      expect.arrayContaining([['{ slow }'], ['{ new }'], ['{ a }', '{ b }']]),
    );
  });

  it('have the answers of those that were not refused, under whatever status', async () => {
    const source = await knowing(16, quick('{ a }', '{ b }'));
    const ask = asking(source);
    const answers = [ask('{ a }'), ask('{ b }')];
    const [sent] = await server.received(1);
    sent!.answer([{ data: { a: 1 } }, { errors: [{ message: 'no such field' }] }], 400);
    const [good, refused] = await Promise.all(answers);
    expect(good).toEqual({ data: { a: 1 } });
    expect(refused!.errors).toHaveLength(1);
    expect(source.isAway).toBe(false);
  });
});

describe('a question', () => {
  it('keeps its own headers, whatever is passed on', async () => {
    const ask = asking(subgraph());
    const answer = ask('{ a }', nrw, { authorization: 'Bearer mine', traceparent: 'x' });
    const [sent] = await server.received(1);
    sent!.answer({ data: null });
    await answer;
    expect(sent!.headers.authorization).not.toContain('mine');
    expect(sent!.headers['traceparent']).toBe('x');
  });

  it('waits for nobody when its subgraph is let go of', async () => {
    const source = subgraph();
    const answer = asking(source)('{ a }');
    await server.received(1);
    await source.close();
    await expect(answer).rejects.toThrow(/does not answer/);
    await until(() => outcomes.length === 1);
  });
});
