import { randomUUID } from 'node:crypto';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import type { CollectedSpan } from '../shared/telemetry/testing/collector.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, rounded } from './figures.js';
import { say, type Figures } from './output.js';
import { sized } from './shortened.js';

/** Each operation so often, one after the other, after as many that are not counted. */
const TIMES = sized(20, 2);

const DECLARE = `mutation Declare($input: DeclareIncidentInput!) {
  declareIncident(input: $input) { ... on Incident { id } } }`;
const REGISTER = `mutation Register($input: RegisterCasualtiesInput!) {
  registerCasualties(input: $input) { __typename } }`;
const SMALL = `query Small($id: ID!) { facility(id: $id) { name beds { category free } } }`;
const LIST = `query List { facilities(first: 200) {
  nodes { id name kind beds(category: ICU_UNSPECIFIED) { free operable } } } }`;
const SUMS = `query Sums { regions(level: KREIS) { code beds(category: ICU_UNSPECIFIED) { free } } }`;
const ALLOCATION = `mutation Allocation($input: ProposeAllocationInput!) {
  proposeAllocation(input: $input) { __typename ... on Refusal { message } } }`;

type Ask = <Data>(query: string, variables?: object) => Promise<Data>;

/** Adds up by layer the spans that a hub sends to a collector: it shows where the time of an operation goes. */
export async function layers(hub: RunningHub, spans: readonly CollectedSpan[]): Promise<Figures> {
  const ask = asker(hub.url, await controlRoomToken(hub));
  const { facilities } = await ask<{ facilities: { nodes: [{ id: string }] } }>(
    '{ facilities(first: 1) { nodes { id } } }',
  );
  const incident = await incidentWith(ask, 50);
  const operations: Record<string, () => Promise<unknown>> = {
    Small: () => ask(SMALL, { id: facilities.nodes[0].id }),
    List: () => ask(LIST),
    Sums: () => ask(SUMS),
    Allocation: () => ask(ALLOCATION, { input: { incident, idempotencyKey: randomUUID() } }),
  };
  for (const [name, act] of Object.entries(operations)) {
    say(`${name} ...`);
    for (let time = 0; time < 2 * TIMES; time++) await act();
  }
  const ended = Object.keys(operations).map(async (name) => [name, await told(spans, name)]);
  return { millisecondsByLayer: Object.fromEntries(await Promise.all(ended)) };
}

/** The role `service` may not declare incidents. */
function controlRoomToken({ environment }: RunningHub): Promise<string> {
  return issueDevelopmentToken(environment['VIERBLATT_DATA']!, 'vierblatt', {
    role: 'dispatch',
    areas: [''],
    facilities: [],
    ttl: 3600,
  });
}

function asker(url: string, token: string): Ask {
  return async <Data>(query: string, variables: object = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
}

async function incidentWith(ask: Ask, casualties: number): Promise<string> {
  const { declareIncident } = await ask<{ declareIncident: { id: string } }>(DECLARE, {
    input: {
      name: 'Layers',
      hazard: 'MASS_CASUALTY',
      position: { latitude: 50.94, longitude: 6.96 },
      area: '05315',
      idempotencyKey: randomUUID(),
    },
  });
  const incident = declareIncident.id;
  const patients = Array.from({ length: casualties }, (_, index) => ({
    tag: `L${index}`,
    category: index % 4 === 0 ? 'SK_I' : 'SK_II',
  }));
  await ask(REGISTER, { input: { incident, casualties: patients, idempotencyKey: randomUUID() } });
  return incident;
}

/** Medians over the later half; what a layer waits for in the next one is counted there. */
async function told(spans: readonly CollectedSpan[], operation: string) {
  const isRoot = ({ facts, service }: CollectedSpan) =>
    service === 'vierblatt-gateway' && facts['graphql.operation.name'] === operation;
  while (spans.filter(isRoot).length < 2 * TIMES) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  const layersOf = spans
    .filter(isRoot)
    .slice(TIMES)
    .map((root) => {
      const trace = spans.filter(({ traceId }) => traceId === root.traceId);
      const sum = (belongs: (span: CollectedSpan) => boolean) =>
        trace.filter(belongs).reduce((total, { milliseconds }) => total + milliseconds, 0);
      const fetches = sum(
        ({ name, parentSpanId }) => name.startsWith('fetch') && parentSpanId === root.spanId,
      );
      const answering = sum(({ kind, service }) => kind === 2 && service !== 'vierblatt-gateway');
      const asked = sum(({ name }) => name === 'ask capacity');
      const database = sum(({ facts }) => facts['db.system.name'] === 'postgresql');
      const solving = sum(({ name }) => name === 'steer');
      return {
        whole: root.milliseconds,
        plan: sum(({ name }) => name === 'plan'),
        gateway: root.milliseconds - fetches,
        way: fetches + asked - answering,
        subgraphs: answering - asked - database - solving,
        database,
        solving,
        statements: trace.filter(({ facts }) => facts['db.system.name'] === 'postgresql').length,
      };
    });
  const names = Object.keys(layersOf[0]!) as (keyof (typeof layersOf)[number])[];
  return Object.fromEntries(
    names.map((name) => [name, rounded(median(layersOf.map((layer) => layer[name])), 2)]),
  );
}
