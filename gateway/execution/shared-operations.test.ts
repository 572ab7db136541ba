import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getOperationAST, parse, type ExecutionResult } from 'graphql';
import { pino } from 'pino';
import { tokenMint } from '../../shared/identity/internal-tokens.js';
import { DocumentStore } from '../core/document-store.js';
import { WriteEpoch } from '../core/write-epoch.js';
import { hasFault } from '../faults/subgraph-errors.js';
import { limitsWith } from '../limits/limits.js';
import { ConcurrentOperations } from '../limits/concurrent-operations.js';
import { SingleFlight } from '../core/single-flight.js';
import { SubgraphSource } from '../subgraph-http/subgraph-source.js';
import { supergraphState } from '../supergraph/supergraph-state.js';
import { composed } from '../testing/hospital.js';
import { ScriptedServer } from '../testing/scripted-server.js';
import { restrictedExecutor } from './restricted-executor.js';
import { RestrictedOperations } from './restricted-operations.js';

const typeDefs = parse(/* GraphQL */ `
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.9"
      import: ["@composeDirective", "@requiresScopes"]
    )
    @link(url: "https://vierblatt.example/audit/v1.0", import: ["@audited"])
    @composeDirective(name: "@audited")
  directive @audited on FIELD_DEFINITION
  type Query {
    beds(ward: String): Int
    name: String @audited
    diary: String @requiresScopes(scopes: [["beds:report"]])
  }
  type Mutation {
    close: Boolean
  }
`);
const state = supergraphState(composed([{ name: 'ward', typeDefs }]));
const log = pino({ level: 'silent' });
const claims = { roles: ['spoc'], scopes: ['regions:read'], areas: ['05'], facilities: [] };
const ina = { claims, subject: 'ina' };
const otherClaims = { ...claims, areas: ['09'] };

let dataFolder: string;
let server: ScriptedServer;
let source: SubgraphSource;
let execute: ReturnType<typeof restrictedExecutor>;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-shared-'));
  server = await ScriptedServer.open();
  const writes = new WriteEpoch();
  const isAudited = (text: string) => state.audited.areRequestedBy(text);
  const mint = await tokenMint(dataFolder, 'gateway');
  const own = { name: 'ward', url: server.url, timeoutMs: 5_000 };
  source = new SubgraphSource({ ...own, mint, log, writes, isAudited });
  execute = restrictedExecutor({
    stateOf: () => state,
    operations: new RestrictedOperations(new DocumentStore()),
    slots: new ConcurrentOperations(limitsWith()),
    inFlight: new SingleFlight<ExecutionResult>(writes, hasFault),
    sources: { ward: source },
    log,
  });
});
afterEach(async () => {
  await source.close();
  await server.close();
  await rm(dataFolder, { recursive: true });
});

function request(query: string, variables = {}, identity = ina) {
  const document = parse(query);
  return execute({
    request: { query, variables },
    schema: state.schema,
    document,
    operation: getOperationAST(document),
    operationName: null,
    queryHash: query,
    context: { identity, caller: { key: 'subject ina', isService: false } },
  } as never);
}
/** Responds to all requests that have no response yet. */
async function respond(count: number, data: unknown) {
  for (const sent of (await server.received(count)).slice(count - 1)) sent.respond({ data });
}

const BEDS = 'query ($ward: String) { beds(ward: $ward) }';

describe('an operation that is requested while the same one runs', () => {
  it('has the same result, and is run again once that is there', async () => {
    const [one, other] = [request(BEDS), request(BEDS)];
    await respond(1, { beds: 3 });
    expect(await one).toEqual({ data: { beds: 3 } });
    expect(await other).toBe(await one);
    const later = request(BEDS);
    await respond(2, { beds: 2 });
    expect(await later).toEqual({ data: { beds: 2 } });
  });

  // Where only the client's text differs, the subgraph still gets one request.
  it.each([
    ['other variables', BEDS, { ward: 'a' }, ina, 2],
    ['other rights', BEDS, {}, { ...ina, claims: otherClaims }, 2],
    ['other words', `${BEDS} # mine`, {}, ina, 1],
  ])('has a result of its own with %s', async (_, query, variables, identity, requests) => {
    const results = [request(BEDS), request(query, variables, identity)];
    for (const sent of await server.received(requests)) sent.respond({ data: { beds: 3 } });
    const [one, other] = await Promise.all(results);
    expect(other).toEqual(one);
    expect(other).not.toBe(one);
  });

  it.each([
    ['changes something', 'mutation { close }', { close: true }],
    ['is sent to a subgraph with its reader', '{ name }', { name: 'x' }],
  ])('has a result of its own when it %s', async (_, query, data) => {
    const results = [request(query), request(query)];
    for (const sent of await server.received(2)) sent.respond({ data });
    const [one, other] = await Promise.all(results);
    expect(other).toEqual(one);
    expect(other).not.toBe(one);
  });

  it('has a result of its own once something has changed', async () => {
    const before = request(BEDS);
    await server.received(1);
    const change = request('mutation { close }');
    await respond(2, { close: true });
    await change;
    const after = request(BEDS);
    await respond(3, { beds: 0 });
    expect(await after).toEqual({ data: { beds: 0 } });
    server.sent[0]!.respond({ data: { beds: 3 } });
    expect(await before).toEqual({ data: { beds: 3 } });
  });

  it('does not share its failure: those who waited have it run again, together', async () => {
    const [one, other, third] = [request(BEDS), request(BEDS), request(BEDS)];
    for (const sent of await server.received(1)) sent.respond('no GraphQL', 500);
    expect((await one).errors).toHaveLength(1);
    await respond(2, { beds: 3 });
    expect(await other).toEqual({ data: { beds: 3 } });
    expect(await third).toBe(await other);
    expect(server.sent).toHaveLength(2);
  });

  it('keeps what its rights refuse', async () => {
    const query = '{ beds diary }';
    const [one, other] = [request(query), request(query)];
    await respond(1, { beds: 3 });
    expect(await one).toMatchObject({ data: { beds: 3, diary: null }, errors: [{}] });
    expect(await other).toBe(await one);
  });
});
