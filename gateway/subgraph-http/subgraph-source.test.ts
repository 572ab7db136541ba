import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { tokenMint, type MintToken } from '../../shared/identity/internal-tokens.js';
import { ITSELF } from '../core/service-identities.js';
import { SubgraphSource, type FetchOutcome } from './subgraph-source.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const lost: Answer = ({ socket }) => socket.destroy();
const silent: Answer = () => {};
const answering: Answer = (_, response) => response.end('{"data":{"ok":true}}');
/** The head of an answer, and then the connection breaks. */
const halfway: Answer = ({ socket }, response) => {
  response.writeHead(200, { 'content-length': 1_000 });
  response.write('{"data"', () => socket.destroy());
};

let folder: string;
let mint: MintToken;
let server: Server;
let source: SubgraphSource;
/** What the subgraph does, request for request; then it answers. */
let script: Answer[];
let requests: number;
let log: string[];
let outcomes: FetchOutcome[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vierblatt-source-'));
  mint = await tokenMint(folder, 'gateway');
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  [script, requests, log, outcomes] = [[], 0, [], []];
  server = createServer((request, response) => {
    requests += 1;
    (script.shift() ?? answering)(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  source = new SubgraphSource({
    name: 'people',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    mint,
    log: pino(
      new Writable({
        write: (line, _, done) => {
          log.push(String(line));
          done();
        },
      }),
    ),
    timeoutMs: 200,
    fetched: (_, outcome) => outcomes.push(outcome),
  });
});
afterEach(async () => {
  await source.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const ask = (query: string) =>
  source
    .process({ request: { query }, context: { identity: ITSELF } })
    .catch((error: unknown) => (error as { extensions: { code: string } }).extensions.code);
const ANSWER = { data: { ok: true } };
const AWAY = 'SERVICE_UNAVAILABLE';

describe('a question to a subgraph', () => {
  it.each([
    ['before an answer', lost],
    ['in the middle of one', halfway],
  ])('is asked again when the connection breaks %s', async (_, breaking) => {
    script = [breaking];
    expect(await ask('query { ok }')).toEqual(ANSWER);
    expect([requests, outcomes, log]).toEqual([2, ['answered'], []]);
  });

  it('is asked again once and not more often', async () => {
    script = [lost, lost];
    expect(await ask('{ ok }')).toBe(AWAY);
    expect(requests).toBe(2);
  });

  it('is never asked again when it changes something', async () => {
    script = [lost];
    expect(await ask('mutation { change }')).toBe(AWAY);
    expect(requests).toBe(1);
  });

  it('is not asked again when the subgraph is only too slow', async () => {
    script = [silent];
    expect(await ask('{ ok }')).toBe(AWAY);
    expect(requests).toBe(1);
  });

  it('is not even asked while the subgraph is away, which is one line in the log and not one for each', async () => {
    script = Array.from({ length: 100 }, () => lost);
    for (let time = 0; time < 30; time += 1) await ask('mutation { change }');
    expect(requests).toBe(5);
    expect(source.circuit).toBe('open');
    expect(log).toHaveLength(5);
    expect(log[4]).toContain('fail at once');
    expect(outcomes.filter((outcome) => outcome === 'skipped')).toHaveLength(25);
  });

  it('is answered again soon after the subgraph is back', async () => {
    script = Array.from({ length: 5 }, () => lost);
    let answer = await ask('mutation { change }');
    while (answer === AWAY) answer = await ask('mutation { change }');
    expect(answer).toEqual(ANSWER);
    expect(requests).toBe(6);
    expect(log.at(-1)).toContain('answers again');
  });
});
