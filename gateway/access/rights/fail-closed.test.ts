import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { ApolloGateway } from '@apollo/gateway';
import { parse, type ExecutionResult } from 'graphql';
import { pino } from 'pino';
import { issueDevelopmentToken } from '../../../shared/identity/development-issuer.js';
import { WriteEpoch } from '../../core/write-epoch.js';
import { hasFault } from '../../faults/subgraph-errors.js';
import { limitsWith } from '../../limits/limits.js';
import { ConcurrentOperations } from '../../limits/concurrent-operations.js';
import { SingleFlight } from '../../core/single-flight.js';
import { DocumentStore } from '../../core/document-store.js';
import { startGateway, type Gateway } from '../../gateway.js';
import { composed } from '../../testing/hospital.js';
import { TestSubgraph } from '../../testing/subgraph.js';
import { until } from '../../testing/until.js';
import { restrictedGateway } from '../../execution/restricted-gateway.js';
import { RestrictedOperations } from '../../execution/restricted-operations.js';
import { securedSupergraph } from './secured-supergraph.js';

/** A subgraph whose field `report` has the right it is given. */
const desk = (right: string) => ({
  name: 'desk',
  typeDefs: parse(`
    extend schema @link(
      url: "https://specs.apollo.dev/federation/v2.9"
      import: ["@authenticated", "@requiresScopes", "@policy"]
    )
    type Query { report: String ${right} }
  `),
  resolvers: { Query: { report: () => 'the report' } },
});

const READABLE = desk('@requiresScopes(scopes: [["regions:read"]])');
const UNREADABLE = desk('@policy(policies: [["nice"]])');
const STRICTER = desk('@requiresScopes(scopes: [["beds:report"]])');

let dataFolder: string;
let subgraph: TestSubgraph;
let gateway: Gateway;
const log: string[] = [];
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-closed-'));
  subgraph = new TestSubgraph(READABLE, dataFolder);
  await subgraph.start();
  gateway = await start(composed([READABLE]));
});
afterAll(async () => {
  await gateway.close();
  await subgraph.kill();
  await rm(dataFolder, { recursive: true });
});

function start(supergraphSdl: string): Promise<Gateway> {
  const lines = new Writable({
    write: (line: Buffer, _encoding, done) => {
      log.push(String(line));
      done();
    },
  });
  const settings = {
    host: '127.0.0.1',
    port: 0,
    dataFolder,
    oidcIssuer: undefined,
    oidcAudience: 'vierblatt',
    subgraphUrl: { desk: subgraph.url },
    supergraphPollSeconds: 0.02,
    rateLimitCostPerMinute: 10_000_000,
  };
  return startGateway(settings, supergraphSdl, pino(lines));
}

/** Returns the subgraph with another right. */
async function becomes(definition: ReturnType<typeof desk>): Promise<void> {
  await subgraph.kill();
  subgraph = new TestSubgraph(definition, dataFolder, subgraph.port);
  await subgraph.start();
}

/** Returns the data that a partner gets. */
async function report(): Promise<unknown> {
  const requested = { role: 'partner', areas: [], facilities: [], ttl: 60 };
  const token = await issueDevelopmentToken(dataFolder, 'vierblatt', requested);
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ report }' }),
  });
  const { data } = (await response.json()) as { data: { report: unknown } };
  return data.report;
}

describe('without an index of rights', () => {
  it('the gateway does not start', async () => {
    await expect(start(composed([UNREADABLE]))).rejects.toThrow(/names "nice"/);
  });

  it('a schema is not served, by whatever way it arrives', async () => {
    const { sdl } = securedSupergraph(composed([READABLE]));
    const logger = pino({ enabled: false });
    const apollo = new ApolloGateway({ supergraphSdl: sdl, logger });
    const restricted = restrictedGateway(
      apollo,
      {
        operations: new RestrictedOperations(new DocumentStore()),
        slots: new ConcurrentOperations(limitsWith()),
        inFlight: new SingleFlight<ExecutionResult>(new WriteEpoch(), hasFault),
        sources: {},
        log: logger,
      },
      () => undefined,
    );
    await expect(restricted.load({})).rejects.toThrow(/no index of rights/);
    await restricted.stop();
  });

  it('a renewed supergraph is not taken over; one whose rights can be read is, with its rights', async () => {
    expect(await report()).toBe('the report');
    await becomes(UNREADABLE);
    await until(() => log.some((line) => line.includes('names \\"nice\\"')));
    expect(await report()).toBe('the report');

    log.length = 0;
    await becomes(STRICTER);
    await until(() => log.some((line) => line.includes('supergraph was renewed')));
    expect(await report()).toBeNull();
  });
});
