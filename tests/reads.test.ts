import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Gateway } from '../gateway/gateway.js';
import { until } from '../gateway/testing/until.js';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { entriesBy } from '../subgraphs/patients/testing/audit.js';
import { COLOGNE, newIncident } from '../subgraphs/patients/testing/casualties.js';
import { openFacilities, requested } from '../subgraphs/patients/testing/journeys.js';
import {
  patientsWorld,
  staffOf,
  type GraphQLResponse,
  type PatientsWorld,
  type TestIdentity,
} from '../subgraphs/patients/testing/patients-world.js';
import { register } from '../subgraphs/patients/testing/transfers.js';
import { gatewayOf } from './world-gateway.js';

const PATIENT = 'query Board($id: ID!) { patient(id: $id) { tag category } }';
const CHANGES =
  'subscription Wall($incident: ID!) { patientChanged(incident: $incident) { cursor patient { tag category } } }';

let world: PatientsWorld;
let gateway: Gateway;
let incident: string;
let facility: string;
beforeAll(async () => {
  world = await patientsWorld();
  incident = await newIncident(world);
  [facility] = (await openFacilities(world, 1)) as [string];
  gateway = await gatewayOf(world);
});
afterAll(async () => {
  await gateway.close();
  await world.close();
});

/** A dispatcher whom nobody else is. */
const dispatcher = (): TestIdentity => ({
  role: 'dispatch',
  areas: [COLOGNE],
  subject: randomUUID(),
});

async function authorizationOf({ role, areas = [], facilities = [], subject }: TestIdentity) {
  const requested = { role, areas, facilities, subject, ttl: 60 };
  return `Bearer ${await issueDevelopmentToken(world.dataFolder, 'vierblatt', requested)}`;
}

async function post(
  who: TestIdentity,
  path: string,
  query: string,
  variables: object,
  accept: string,
) {
  return fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: await authorizationOf(who),
      accept,
    },
    body: JSON.stringify({ query, variables }),
  });
}
async function request(
  who: TestIdentity,
  query: string,
  variables: object = {},
): Promise<GraphQLResponse> {
  return (await post(who, '/graphql', query, variables, 'application/json')).json() as never;
}

async function webSocket(who: TestIdentity) {
  return createClient({
    url: `${gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: await authorizationOf(who) },
    retryAttempts: 0,
  });
}
async function overWebSocket(who: TestIdentity, query: string, variables: Record<string, unknown>) {
  const client = await webSocket(who);
  try {
    return (await client.iterate({ query, variables }).next()).value;
  } finally {
    await client.dispose();
  }
}
async function overEventStream(who: TestIdentity, query: string, variables: object) {
  const response = await post(who, '/graphql/stream', query, variables, 'text/event-stream');
  const [, json] = /event: next\ndata: (.*)/.exec(await response.text()) ?? [];
  return JSON.parse(json!);
}

/** The counts of `/metrics` of requests to patients, by outcome. */
async function fetches(): Promise<Record<string, number>> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const lines = text.matchAll(
    /fetch_duration_seconds_count\{subgraph="patients",outcome="(\w+)"\} (\d+)/g,
  );
  return Object.fromEntries([...lines].map(([, outcome, count]) => [outcome, Number(count)]));
}

describe('a read of a patient with its purpose', () => {
  it.each([
    ['HTTP', request],
    ['WebSocket', overWebSocket],
    ['Server-Sent Events', overEventStream],
  ])('is recorded over %s', async (_, read) => {
    const [reader, [patient]] = [dispatcher(), await register(world, { incident })];
    const { data } = await read(reader, PATIENT, { id: patient });
    expect(data.patient.category).toBe('SK_II');
    expect(await entriesBy(world, reader.subject!)).toMatchObject([
      {
        action: 'READ',
        purpose: 'STEERING',
        roles: ['dispatch'],
        operation: 'Board',
        field: 'patient',
        patients: [patient],
        count: 1,
        incident,
      },
    ]);
  });

  it('is recorded where another subgraph leads to the patients', async () => {
    const reader = { ...staffOf(facility), subject: randomUUID() };
    const transfer = await requested(world, incident, facility);
    const { data } = await request(
      reader,
      'query ($id: ID!) { facility(id: $id) { name inbound { category } } }',
      { id: facility },
    );
    expect(data.facility.inbound.length).toBeGreaterThan(0);
    expect(await entriesBy(world, reader.subject)).toMatchObject([
      { purpose: 'TREATMENT', field: 'inbound', count: data.facility.inbound.length },
    ]);
    expect(transfer).toBeDefined();
  });

  it('is recorded of what a mutation gives back, once', async () => {
    const reader = dispatcher();
    const tag = randomUUID();
    const { data } = await request(
      reader,
      `mutation ($incident: ID!, $tag: String!) { registerCasualties(input: {
        incident: $incident, casualties: [{ tag: $tag }], idempotencyKey: $tag }) {
        ... on RegisteredCasualties { outcomes { ... on Patient { id tag } } } } }`,
      { incident, tag },
    );
    const { id } = data.registerCasualties.outcomes[0];
    expect(await entriesBy(world, reader.subject!)).toMatchObject([
      { field: 'registerCasualties.outcomes', patients: [id], criteria: null },
    ]);
  });

  it('is recorded for each of two callers who share one fetch', async () => {
    const [patient] = await register(world, { incident });
    const [anna, bernd] = [dispatcher(), dispatcher()];
    const before = await fetches();
    // Until it is released, reads of patients wait, so that both are sent while the first fetch is under way.
    const lock = await world.pool.connect();
    await lock.query('BEGIN');
    await lock.query('LOCK TABLE patient IN ACCESS EXCLUSIVE MODE');
    const first = request(anna, PATIENT, { id: patient });
    await until(async () => {
      const { rows } = await world.pool.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      return rows.length > 0;
    });
    const second = request(bernd, PATIENT, { id: patient });
    const other = request(bernd, '{ patientsCursor }');
    await other;
    await lock.query('COMMIT');
    lock.release();
    expect(await first).toEqual(await second);
    const after = await fetches();
    expect((after['shared'] ?? 0) - (before['shared'] ?? 0)).toBe(1);
    for (const { subject } of [anna, bernd]) {
      expect(await entriesBy(world, subject!)).toMatchObject([{ patients: [patient] }]);
    }
  });

  it('is recorded of a subscription when it begins and when it ends, with the number of messages', async () => {
    const watcher = dispatcher();
    const client = await webSocket(watcher);
    const seen: any[] = [];
    const leave = client.subscribe(
      { query: CHANGES, variables: { incident } },
      { next: ({ data }) => void seen.push(data), error: () => {}, complete: () => {} },
    );
    await until(() => gateway.subscriptions.count().subscribers === 1);
    const began = await entriesBy(world, watcher.subject!);
    expect(began).toMatchObject([
      { action: 'SUBSCRIPTION_BEGAN', purpose: 'STEERING', operation: 'Wall', incident, count: 0 },
    ]);
    expect(began[0].criteria).toEqual({ patientChanged: { incident } });
    await until(async () => {
      await register(world, { incident });
      return seen.length >= 2;
    });
    leave();
    await until(async () => (await entriesBy(world, watcher.subject!)).length === 2);
    await client.dispose();
    const entries = await entriesBy(world, watcher.subject!);
    const ended = entries.find(({ action }) => action === 'SUBSCRIPTION_ENDED');
    expect(ended).toMatchObject({ field: 'patientChanged', incident });
    expect(ended.count).toBeGreaterThanOrEqual(2);
  });
});

describe('while reads cannot be recorded', () => {
  beforeEach(() =>
    world.pool.query('ALTER TABLE audit_entry ADD CONSTRAINT full_disk CHECK (false) NOT VALID'),
  );
  const allowEntries = () =>
    world.pool.query('ALTER TABLE audit_entry DROP CONSTRAINT IF EXISTS full_disk');
  afterEach(allowEntries);

  it('what would be read is withheld, and what the other subgraph says is not', async () => {
    const reader = { ...staffOf(facility), subject: randomUUID() };
    const { data, errors } = await request(
      reader,
      'query ($id: ID!) { facility(id: $id) { name inbound { category } } }',
      { id: facility },
    );
    expect(data.facility).toMatchObject({ name: expect.any(String), inbound: null });
    expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    expect(await entriesBy(world, reader.subject)).toEqual([]);
  });

  it('no subscription begins in which patients are read, and any other does', async () => {
    const client = await webSocket(dispatcher());
    const errors = await new Promise<any>((resolve) => {
      client.subscribe(
        { query: CHANGES, variables: { incident } },
        { next: () => {}, error: resolve, complete: () => resolve('complete') },
      );
    });
    expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    client.subscribe(
      { query: 'subscription { incidentChanged { incident { name } } }' },
      { next: () => {}, error: () => {}, complete: () => {} },
    );
    await until(() => gateway.subscriptions.count().subscribers === 1);
    await client.dispose();
    await until(() => gateway.subscriptions.count().subscribers === 0);
  });

  it('the end of a subscription is recorded as soon as it can be', async () => {
    await allowEntries();
    const watcher = dispatcher();
    const client = await webSocket(watcher);
    client.subscribe(
      { query: CHANGES, variables: { incident } },
      { next: () => {}, error: () => {}, complete: () => {} },
    );
    await until(() => gateway.subscriptions.count().subscribers === 1);
    await world.pool.query(
      'ALTER TABLE audit_entry ADD CONSTRAINT full_disk CHECK (false) NOT VALID',
    );
    await client.dispose();
    await until(() => gateway.subscriptions.count().subscribers === 0);
    await allowEntries();
    await until(async () => (await entriesBy(world, watcher.subject!)).length === 2);
  });
});

describe('a response that shows no patient', () => {
  it('leaves no entry and is shared whole', async () => {
    const reader = dispatcher();
    const query = 'query ($id: ID!) { incident(id: $id) { region { name } casualties { count } } }';
    const read = () => request(reader, query, { id: incident });
    const [{ data }] = await Promise.all([read(), read()]);
    expect(data.incident.region.name).toBe('Köln, Stadt');
    expect(await entriesBy(world, reader.subject!)).toEqual([]);
  });
});

describe('the audit', () => {
  const ENTRIES =
    'query ($filter: PatientsAuditFilter) { patientsAuditEntries(filter: $filter) { nodes { by action purpose } } }';

  it('is read by data protection, by nobody else, and each look is recorded', async () => {
    const [reader, [patient]] = [dispatcher(), await register(world, { incident })];
    await request(reader, PATIENT, { id: patient });
    const officer = { role: 'data-protection', areas: ['05'], subject: randomUUID() };
    const filter = { filter: { patient, by: reader.subject } };
    const looks = await Promise.all([
      request(officer, ENTRIES, filter),
      request(officer, ENTRIES, filter),
    ]);
    for (const { data } of looks) {
      expect(data.patientsAuditEntries.nodes).toEqual([
        { by: reader.subject, action: 'READ', purpose: 'STEERING' },
      ]);
    }
    expect(await entriesBy(world, officer.subject)).toMatchObject([
      { action: 'READ_AUDIT', purpose: 'SUPERVISION' },
      { action: 'READ_AUDIT', purpose: 'SUPERVISION' },
    ]);
    const { data, errors } = await request(reader, ENTRIES, filter);
    expect(data.patientsAuditEntries).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
  });

  it('takes records from the gateway alone: clients do not even see where they are stored', async () => {
    const query = 'mutation { recordPatientReads(reads: []) }';
    const { errors } = await request(dispatcher(), query);
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });
});
