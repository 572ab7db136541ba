import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { tokenMint, type MintToken } from '../../shared/identity/internal-tokens.js';
import { GATEWAY_IDENTITY } from '../core/service-identities.js';
import type { FetchOutcome } from '../core/subgraph-request.js';
import { SubgraphSource } from './subgraph-source.js';

type SubgraphReply = (request: IncomingMessage, response: ServerResponse) => void;

const lost: SubgraphReply = ({ socket }) => socket.destroy();
const silent: SubgraphReply = () => {};
const responding: SubgraphReply = (_, response) => response.end('{"data":{"ok":true}}');
/** The head of a response, and then the connection breaks. */
const halfway: SubgraphReply = ({ socket }, response) => {
  response.writeHead(200, { 'content-length': 1_000 });
  response.write('{"data"', () => socket.destroy());
};

let folder: string;
let mint: MintToken;
let server: Server;
let source: SubgraphSource;
/** The behaviour of the subgraph, request by request; after the last it succeeds. */
let script: SubgraphReply[];
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
    (script.shift() ?? responding)(request, response);
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

const request = (query: string) =>
  source
    .process({ request: { query }, context: { identity: GATEWAY_IDENTITY } })
    .catch((error: unknown) => (error as { extensions: { code: string } }).extensions.code);
const RESPONSE = { data: { ok: true } };
const UNAVAILABLE = 'SERVICE_UNAVAILABLE';

describe('a request to a subgraph', () => {
  it.each([
    ['before a response', lost],
    ['in the middle of one', halfway],
  ])('is retried when the connection breaks %s', async (_, breaking) => {
    script = [breaking];
    expect(await request('query { ok }')).toEqual(RESPONSE);
    expect([requests, outcomes, log]).toEqual([2, ['answered'], []]);
  });

  it('is retried once and not more often', async () => {
    script = [lost, lost];
    expect(await request('{ ok }')).toBe(UNAVAILABLE);
    expect(requests).toBe(2);
  });

  it('is never retried when it is a mutation', async () => {
    script = [lost];
    expect(await request('mutation { change }')).toBe(UNAVAILABLE);
    expect(requests).toBe(1);
  });

  it('is not retried when the subgraph is only too slow', async () => {
    script = [silent];
    expect(await request('{ ok }')).toBe(UNAVAILABLE);
    expect(requests).toBe(1);
  });

  it('is not even sent while the subgraph is unavailable, which is one line in the log and not one for each', async () => {
    script = Array.from({ length: 100 }, () => lost);
    for (let time = 0; time < 30; time += 1) await request('mutation { change }');
    expect(requests).toBe(5);
    expect(source.circuit).toBe('open');
    expect(log).toHaveLength(5);
    expect(log[4]).toContain('fail at once');
    expect(outcomes.filter((outcome) => outcome === 'skipped')).toHaveLength(25);
  });

  it('is answered again soon after the subgraph is back', async () => {
    script = Array.from({ length: 5 }, () => lost);
    let response = await request('mutation { change }');
    while (response === UNAVAILABLE) response = await request('mutation { change }');
    expect(response).toEqual(RESPONSE);
    expect(requests).toBe(6);
    expect(log.at(-1)).toContain('answers again');
  });
});
