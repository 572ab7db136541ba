import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getOperationAST, parse, type ExecutionResult } from 'graphql';
import { pino } from 'pino';
import { tokenMint } from '../../shared/identity/internal-tokens.js';
import { Documents } from '../core/document-store.js';
import { Changes } from '../core/write-epoch.js';
import { hasFault } from '../faults/subgraph-errors.js';
import { limitsWith } from '../limits/limits.js';
import { OperationsUnderWay } from '../limits/concurrent-operations.js';
import { SharedWork } from '../core/single-flight.js';
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
  const changes = new Changes();
  const isAudited = (text: string) => state.audited.areAskedFor(text);
  const mint = await tokenMint(dataFolder, 'gateway');
  const own = { name: 'ward', url: server.url, timeoutMs: 5_000 };
  source = new SubgraphSource({ ...own, mint, log, changes, isAudited });
  execute = restrictedExecutor({
    stateOf: () => state,
    operations: new RestrictedOperations(new Documents()),
    underWay: new OperationsUnderWay(limitsWith()),
    shared: new SharedWork<ExecutionResult>(changes, hasFault),
    sources: { ward: source },
    log,
  });
});
afterEach(async () => {
  await source.close();
  await server.close();
  await rm(dataFolder, { recursive: true });
});

function ask(query: string, variables = {}, identity = ina) {
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
/** Answers whatever has been asked so far and was not answered. */
async function answer(count: number, data: unknown) {
  for (const sent of (await server.received(count)).slice(count - 1)) sent.answer({ data });
}

const BEDS = 'query ($ward: String) { beds(ward: $ward) }';

describe('an operation that is asked while the same one runs', () => {
  it('has the same result, and is run again once that is there', async () => {
    const [one, other] = [ask(BEDS), ask(BEDS)];
    await answer(1, { beds: 3 });
    expect(await one).toEqual({ data: { beds: 3 } });
    expect(await other).toBe(await one);
    const later = ask(BEDS);
    await answer(2, { beds: 2 });
    expect(await later).toEqual({ data: { beds: 2 } });
  });

  // Where nothing but the client's words differ, the subgraph is asked once all the same.
  it.each([
    ['other variables', BEDS, { ward: 'a' }, ina, 2],
    ['other rights', BEDS, {}, { ...ina, claims: otherClaims }, 2],
    ['other words', `${BEDS} # mine`, {}, ina, 1],
  ])('has a result of its own with %s', async (_, query, variables, identity, asked) => {
    const results = [ask(BEDS), ask(query, variables, identity)];
    for (const sent of await server.received(asked)) sent.answer({ data: { beds: 3 } });
    const [one, other] = await Promise.all(results);
    expect(other).toEqual(one);
    expect(other).not.toBe(one);
  });

  it.each([
    ['changes something', 'mutation { close }', { close: true }],
    ['is told to a subgraph with its reader', '{ name }', { name: 'x' }],
  ])('has a result of its own when it %s', async (_, query, data) => {
    const results = [ask(query), ask(query)];
    for (const sent of await server.received(2)) sent.answer({ data });
    const [one, other] = await Promise.all(results);
    expect(other).toEqual(one);
    expect(other).not.toBe(one);
  });

  it('has a result of its own once something has changed', async () => {
    const before = ask(BEDS);
    await server.received(1);
    const change = ask('mutation { close }');
    await answer(2, { close: true });
    await change;
    const after = ask(BEDS);
    await answer(3, { beds: 0 });
    expect(await after).toEqual({ data: { beds: 0 } });
    server.sent[0]!.answer({ data: { beds: 3 } });
    expect(await before).toEqual({ data: { beds: 3 } });
  });

  it('does not share its failure: those who waited have it run again, together', async () => {
    const [one, other, third] = [ask(BEDS), ask(BEDS), ask(BEDS)];
    for (const sent of await server.received(1)) sent.answer('no GraphQL', 500);
    expect((await one).errors).toHaveLength(1);
    await answer(2, { beds: 3 });
    expect(await other).toEqual({ data: { beds: 3 } });
    expect(await third).toBe(await other);
    expect(server.sent).toHaveLength(2);
  });

  it('keeps what its rights refuse', async () => {
    const query = '{ beds diary }';
    const [one, other] = [ask(query), ask(query)];
    await answer(1, { beds: 3 });
    expect(await one).toMatchObject({ data: { beds: 3, diary: null }, errors: [{}] });
    expect(await other).toBe(await one);
  });
});
