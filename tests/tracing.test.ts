import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import type { Gateway } from '../gateway/gateway.js';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { collector, type CollectedSpan } from '../shared/telemetry/testing/collector.js';
import { tracingTo, type Tracing } from '../shared/telemetry/tracing.js';
import { patientsWorld, type PatientsWorld } from '../subgraphs/patients/testing/patients-world.js';
import {
  COLOGNE,
  declaration,
  newKey,
  REGISTER,
} from '../subgraphs/patients/testing/casualties.js';
import { gatewayOf } from './world-gateway.js';

const TRACE = 'a'.repeat(32);
const CLIENT = 'b'.repeat(16);
const TRACEPARENT = `00-${TRACE}-${CLIENT}-01`;
const TAG = 'TAG-4711';
const NAME = 'Erika Mustermann';
const PURPOSE = 'his wife inquires about him';
const SERVICES = ['gateway', 'capacity', 'patients'] as const;

type Collector = Awaited<ReturnType<typeof collector>>;
interface Hub {
  world: PatientsWorld;
  gateway: Gateway;
  /** Ends everything, so that all spans are sent. */
  close(): Promise<void>;
}

const log = pino({ level: 'silent' });

/** A gateway and two subgraphs on PostgreSQL, each exporting its spans to `url` as a service of its own. */
async function tracedHub(url: string | undefined): Promise<Hub> {
  const tracings = new Map<string, Tracing>();
  for (const service of SERVICES) {
    const tracing = await tracingTo(url, service, log);
    if (tracing) tracings.set(service, tracing);
  }
  const capacity = tracings.get('capacity');
  const patients = tracings.get('patients');
  const world = await patientsWorld({
    tracing: { ...(capacity && { capacity }), ...(patients && { patients }) },
  });
  const gateway = await gatewayOf(world, tracings.get('gateway'));
  return {
    world,
    gateway,
    close: async () => {
      await gateway.close();
      await world.close();
      for (const tracing of tracings.values()) await tracing.close();
    },
  };
}

const tokenOf = ({ world }: Hub) =>
  issueDevelopmentToken(world.dataFolder, 'vierblatt', {
    role: 'dispatch',
    areas: [COLOGNE],
    facilities: [],
    ttl: 600,
    subject: 'dispatcher Schmitz',
  });

async function request(hub: Hub, query: string, variables: object = {}): Promise<any> {
  const response = await fetch(`${hub.gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await tokenOf(hub)}`,
      traceparent: TRACEPARENT,
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: any; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const DECLARE = `mutation Declare($input: DeclareIncidentInput!) {
  declareIncident(input: $input) { __typename ... on Incident { id } } }`;

const PROPOSE = `mutation Propose($input: ProposeAllocationInput!) {
  proposeAllocation(input: $input) { ... on AllocationPlan { id } ... on Refusal { message } } }`;

/** Declares an incident, registers somebody by his tag, asks where to, looks him up, and watches how another incident is declared. */
async function aDay(hub: Hub): Promise<void> {
  const { declareIncident } = await request(hub, DECLARE, { input: declaration() });
  await request(hub, REGISTER, {
    input: {
      incident: declareIncident.id,
      casualties: [{ tag: TAG, name: NAME, dateOfBirth: '1964-08-12', category: 'SK_II' }],
      idempotencyKey: newKey(),
    },
  });
  await request(hub, PROPOSE, {
    input: { incident: declareIncident.id, idempotencyKey: newKey() },
  });
  await request(
    hub,
    `query Find($tag: String!, $purpose: String!) {
      patientByTag(tag: $tag, purpose: $purpose) { id } facilities(first: 1) { nodes { id } } }`,
    { tag: TAG, purpose: PURPOSE },
  );
  await overEventStream(hub);
  await anEvent(hub);
}

async function overEventStream(hub: Hub): Promise<void> {
  const response = await fetch(`${hub.gateway.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${await tokenOf(hub)}`,
      traceparent: TRACEPARENT,
    },
    body: JSON.stringify({ query: 'query Streamed { facilities(first: 1) { nodes { id } } }' }),
  });
  expect(await response.text()).toContain('"data":{"facilities"');
}

async function anEvent(hub: Hub): Promise<void> {
  const client = createClient({
    url: `${hub.gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${await tokenOf(hub)}` },
    retryAttempts: 0,
  });
  const { patientsCursor } = await request(hub, '{ patientsCursor }');
  const changes = client.iterate({
    query: `subscription Watch($after: String) {
      incidentChanged(area: "${COLOGNE}", after: $after) { cursor incident { id name } } }`,
    variables: { after: patientsCursor },
    extensions: { traceparent: TRACEPARENT },
  });
  await changes.next(); // the mark that says that it has caught up
  const first = changes.next();
  await request(hub, DECLARE, { input: declaration({ name: 'A second one' }) });
  expect((await first).value?.errors).toBeUndefined();
  await client.dispose();
}

describe('with a collector', () => {
  let otel: Collector;
  let token: string;
  let dataFolder: string;
  beforeAll(async () => {
    otel = await collector();
    const hub = await tracedHub(otel.url);
    dataFolder = hub.world.dataFolder;
    token = await tokenOf(hub);
    await aDay(hub).finally(() => hub.close());
  });
  afterAll(() => otel.close());

  const named = (service: string, name: string | RegExp, from = otel.spans) =>
    from.find(
      (span) =>
        span.service === `vierblatt-${service}` &&
        (typeof name === 'string' ? span.name === name : name.test(span.name)),
    )!;
  const below = (span: CollectedSpan) =>
    otel.spans.filter(({ parentSpanId }) => parentSpanId === span.spanId);

  it('a client’s trace goes from the gateway through the subgraphs to their statements', () => {
    const query = named('gateway', 'query Find');
    expect(query).toMatchObject({ traceId: TRACE, parentSpanId: CLIENT, kind: 2 });
    expect(query.facts).toEqual({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Find',
    });
    const steps = below(query);
    expect(steps.map(({ name }) => name).sort()).toEqual([
      'fetch capacity',
      'fetch patients',
      'plan',
    ]);
    for (const service of ['capacity', 'patients']) {
      const fetch = named('gateway', `fetch ${service}`, steps);
      expect(fetch.facts).toEqual({
        'vierblatt.subgraph': service,
        'vierblatt.fetch.outcome': 'answered',
      });
      const operation = named(service, /^query /, below(fetch));
      expect(operation).toMatchObject({ traceId: TRACE, kind: 2 });
      const statements = below(operation);
      expect(statements.length).toBeGreaterThan(0);
      for (const { traceId, facts } of statements) {
        expect([traceId, facts['db.system.name']]).toEqual([TRACE, 'postgresql']);
      }
    }
  });

  it('an event stream goes on with its client’s trace too', () => {
    const query = named('gateway', 'query Streamed');
    expect(query).toMatchObject({ traceId: TRACE, parentSpanId: CLIENT });
    expect(below(query).map(({ name }) => name)).toContain('fetch capacity');
  });

  it('a proposal shows the calls of capacity that it made, and how long it was computed', () => {
    const fetch = named('gateway', 'fetch patients', below(named('gateway', 'mutation Propose')));
    const steps = below(named('patients', /^mutation /, below(fetch)));
    const calls = steps.filter(({ name }) => name === 'request to capacity');
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) expect(named('capacity', /^query/, below(call))).toBeDefined();
    expect(steps.map(({ name }) => name)).toContain('steer');
  });

  it('an event has a trace of its own, from the statements of its subgraph to what the gateway adds', () => {
    const subscription = named('gateway', 'subscription Watch');
    expect(subscription).toMatchObject({ traceId: TRACE, parentSpanId: CLIENT });
    // The mark that comes first reads nothing.
    const readsDatabase = (span: CollectedSpan) =>
      below(span).some(({ facts }) => facts['db.system.name'] === 'postgresql');
    const events = otel.spans.filter(
      ({ service, name }) => service === 'vierblatt-patients' && name === 'event',
    );
    const read = events.find(readsDatabase)!;
    expect(read.traceId).not.toBe(TRACE);
    expect(read.follows).toEqual([subscription.spanId]);
    const delivered = named('gateway', 'event of patients', below(read));
    expect(delivered).toMatchObject({ traceId: read.traceId, parentSpanId: read.spanId });
    expect(delivered.follows).toEqual([subscription.spanId]);
  });

  it('every span but the first of a trace has its parent', () => {
    const known = new Set(otel.spans.map(({ spanId }) => spanId));
    const orphans = otel.spans.filter(
      ({ parentSpanId }) => parentSpanId && parentSpanId !== CLIENT && !known.has(parentSpanId),
    );
    expect(orphans).toEqual([]);
  });

  it('no data that was sent or stored is exported: no tag, no name, no purpose, no token, no key, no facility', () => {
    const all = otel.texts.join('\n');
    expect(all).toContain('query Find');
    for (const secret of [TAG, NAME, 'Mustermann', '1964-08-12', PURPOSE, 'Schmitz', COLOGNE]) {
      expect(all).not.toContain(secret);
    }
    for (const secret of [token, 'Bearer', 'eyJ', 'Train accident', '"key ', dataFolder]) {
      expect(all).not.toContain(secret);
    }
    expect(all).not.toMatch(/\$\d|WHERE|VALUES/);
  });
});

describe('without a collector', () => {
  it('nothing is sent, and no message names a trace', async () => {
    const otel = await collector();
    const hub = await tracedHub(undefined);
    await aDay(hub).finally(() => hub.close());
    expect(otel.spans).toEqual([]);
    await otel.close();
  });

  it('a collector that is unavailable costs no request', async () => {
    const otel = await collector();
    await otel.close();
    const hub = await tracedHub(otel.url);
    await aDay(hub).finally(() => hub.close());
  });
});
