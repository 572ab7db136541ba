import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { tokenMint, type MintToken } from '../../shared/identity/internal-tokens.js';
import { ScriptedServer, type Sent } from '../testing/scripted-server.js';
import { until } from '../testing/until.js';
import { SubgraphSource, type FetchOutcome } from './subgraph-source.js';

const identity = { claims: { roles: ['spoc'], scopes: [], areas: ['05'], facilities: [] } };

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

const ask = (query: string) => source.process({ request: { query }, context: { identity } });

/** Asks each once by itself: only questions whose time is known go together. */
async function makeKnown(queries: readonly string[]): Promise<void> {
  for (const query of queries) {
    const answer = ask(query);
    for (const sent of await server.received(1)) sent.answer({ data: null });
    await answer;
    server.sent.length = 0;
  }
  outcomes.length = 0;
}

describe('requests of one turn to a subgraph that refuses lists', () => {
  /** Answers single requests, and lists with what `refuse` does. */
  const refusing = (refuse: (sent: Sent) => void) => {
    let answered = 0;
    return async (count: number) => {
      const sent = await server.received(count);
      for (; answered < count; answered += 1) {
        const { body, answer } = sent[answered]!;
        if (Array.isArray(body)) refuse(sent[answered]!);
        else answer({ data: { of: body.query } });
      }
    };
  };
  const expected = (queries: readonly string[]) => queries.map((of) => ({ data: { of } }));

  it.each<[string, (sent: Sent) => void]>([
    ['400', ({ answer }) => answer({ errors: [{ message: 'no lists' }] }, 400)],
    ...[403, 404, 405, 413, 415, 422, 500, 501].map((status): [string, (sent: Sent) => void] => [
      String(status),
      ({ answer }) => answer('no', status),
    ]),
    ['an object', ({ answer }) => answer({ data: null })],
    ['an empty list', ({ answer }) => answer([])],
    ['a list of one', ({ answer }) => answer([{ errors: [{ message: 'no lists' }] }])],
    [
      'a list that is too long',
      ({ body, answer }) => answer([...body, {}].map(() => ({ data: {} }))),
    ],
    ['a list with something else in it', ({ body, answer }) => answer(body.map(() => 'x'))],
    ['a page', ({ page }) => page('<html>')],
    ['nothing', ({ page }) => page('')],
    ['a broken connection', ({ breakOff }) => breakOff()],
  ])('are asked singly once a list is answered with %s', async (_, refuse) => {
    const queries = ['{ a }', '{ b }', '{ c }'];
    await makeKnown(queries);
    const answerNext = refusing(refuse);
    const lists = () => server.sent.filter(({ body }) => Array.isArray(body)).length;

    const first = Promise.all(queries.map((query) => ask(query)));
    await until(async () => {
      await answerNext(server.sent.length);
      return server.sent.length === lists() + queries.length;
    });
    expect(await first).toEqual(expected(queries));
    const refusedLists = lists();

    const second = Promise.all(queries.map((query) => ask(query)));
    await answerNext(refusedLists + 2 * queries.length);
    expect(await second).toEqual(expected(queries));
    expect(lists()).toBe(refusedLists);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('refuses lists');
    expect(source.circuit).toBe('closed');
    expect(source.isAway).toBe(false);
    expect(outcomes).toEqual(Array.from({ length: 6 }, () => 'answered'));
  });

  it('go in one request again after a change of the schema, and after a reconnect', async () => {
    const queries = ['{ a }', '{ b }'];
    await makeKnown(queries);
    const reconnect = async () => {
      await server.closeConnections();
      server.sent.length = 0;
      const answer = ask('{ a }');
      for (const sent of await server.received(1)) sent.answer({ data: null });
      await answer; // by now the source has noticed
    };
    const looksAgain = [async () => source.schemaChanged(), reconnect];
    for (const lookAgain of [() => Promise.resolve(), ...looksAgain]) {
      await lookAgain();
      server.sent.length = 0;
      const answers = Promise.all(queries.map((query) => ask(query)));
      const answerNext = refusing(({ answer }) => answer('no', 400));
      await answerNext(1);
      await answerNext(3);
      expect(await answers).toEqual(expected(queries));
      expect(server.sent.map(({ body }) => Array.isArray(body))).toEqual([true, false, false]);
    }
    expect(log).toHaveLength(1);

    source.schemaChanged();
    server.sent.length = 0;
    const answers = Promise.all(queries.map((query) => ask(query)));
    for (const { body, answer } of await server.received(1)) {
      answer(body.map(() => ({ data: null })));
    }
    await answers;
    expect(server.sent).toHaveLength(1);
  });

  it('fail together when the subgraph answers neither a list nor single requests, as one failure', async () => {
    const queries = Array.from({ length: 10 }, (_, index) => `{ field${index} }`);
    await makeKnown(queries);
    const answers = queries.map((query) => ask(query));
    for (const { answer } of await server.received(1)) answer('no', 500);
    for (const { answer } of (await server.received(11)).slice(1)) answer('no', 500);
    const results = await Promise.allSettled(answers);
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(source.circuit).toBe('closed');
    expect(source.isAway).toBe(true);
    expect(log.some((line) => line.includes('refuses lists'))).toBe(false);
  });

  it.each([401, 429, 502, 503, 504])(
    'are not sent again singly when a list is answered with %i',
    async (status) => {
      const queries = ['{ a }', '{ b }'];
      await makeKnown(queries);
      const answers = queries.map((query) => ask(query));
      for (const { answer } of await server.received(1)) answer('no', status);
      const results = await Promise.allSettled(answers);
      expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
      expect(server.sent).toHaveLength(1);
    },
  );

  it('fail each by itself when they are asked singly', async () => {
    const queries = ['{ a }', '{ b }'];
    await makeKnown(queries);
    const answers = queries.map((query) => ask(query));
    for (const { answer } of await server.received(1)) answer('no', 400);
    for (const { body, answer } of (await server.received(3)).slice(1)) {
      if (body.query === '{ a }') answer({ data: { a: 1 } });
      else answer('no', 500);
    }
    const [good, failed] = await Promise.allSettled(answers);
    expect(good).toEqual({ status: 'fulfilled', value: { data: { a: 1 } } });
    expect(failed!.status).toBe('rejected');
  });
});
