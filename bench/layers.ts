import { randomUUID } from 'node:crypto';
import { HubClient } from '../demo/client/hub-client.js';
import type { TypedDocument } from '../shared/graphql-client/typed-document.js';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import type { CollectedSpan } from '../shared/telemetry/testing/collector.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, rounded } from './figures.js';
import {
  AllocationDocument,
  DeclareIncidentDocument,
  FirstFacilityDocument,
  ListDocument,
  RegisterCasualtiesDocument,
  SmallDocument,
  SumsDocument,
} from './generated/operations.js';
import { incidentOf } from './outcomes.js';
import { say, type Figures } from './output.js';
import { sized } from './shortened.js';

/** Counted requests of each operation, one after the other, after as many that are not counted. */
const TIMES = sized(20, 2);

type Send = <Data, Variables extends object>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

/** Sums by layer the spans that a hub sends to a collector, which shows the layers in which an operation spends its time. */
export async function layers(hub: RunningHub, spans: readonly CollectedSpan[]): Promise<Figures> {
  const token = await controlRoomToken(hub);
  const client = new HubClient(hub.url, 1, '');
  const send: Send = (document, variables) =>
    client.request(() => Promise.resolve(token), document, variables);
  try {
    const { facilities } = await send(FirstFacilityDocument, {});
    const id = facilities!.nodes[0]!.id;
    const incident = await incidentWith(send, 50);
    const operations: Record<string, () => Promise<unknown>> = {
      Small: () => send(SmallDocument, { id }),
      List: () => send(ListDocument, {}),
      Sums: () => send(SumsDocument, {}),
      Allocation: () =>
        send(AllocationDocument, { input: { incident, idempotencyKey: randomUUID() } }),
    };
    for (const [name, request] of Object.entries(operations)) {
      say(`${name} ...`);
      for (let time = 0; time < 2 * TIMES; time++) await request();
    }
    const layersByName = Object.keys(operations).map(async (name) => [
      name,
      await layersOfOperation(spans, name),
    ]);
    return { millisecondsByLayer: Object.fromEntries(await Promise.all(layersByName)) };
  } finally {
    await client.close();
  }
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

async function incidentWith(send: Send, casualties: number): Promise<string> {
  const declared = await send(DeclareIncidentDocument, {
    input: {
      name: 'Layers',
      hazard: 'MASS_CASUALTY',
      position: { latitude: 50.94, longitude: 6.96 },
      area: '05315',
      idempotencyKey: randomUUID(),
    },
  });
  const incident = incidentOf(declared).id;
  const patients = Array.from({ length: casualties }, (_, index) => ({
    tag: `L${index}`,
    category: index % 4 === 0 ? ('SK_I' as const) : ('SK_II' as const),
  }));
  await send(RegisterCasualtiesDocument, {
    input: { incident, casualties: patients, idempotencyKey: randomUUID() },
  });
  return incident;
}

/** Returns medians over the later half of the requests; the time that a layer waits for the next one counts for the next. */
async function layersOfOperation(spans: readonly CollectedSpan[], operation: string) {
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
      const subgraphTotal = sum(
        ({ kind, service }) => kind === 2 && service !== 'vierblatt-gateway',
      );
      const calls = sum(({ name }) => name === 'request to capacity');
      const database = sum(({ facts }) => facts['db.system.name'] === 'postgresql');
      const solving = sum(({ name }) => name === 'steer');
      return {
        whole: root.milliseconds,
        plan: sum(({ name }) => name === 'plan'),
        gateway: root.milliseconds - fetches,
        way: fetches + calls - subgraphTotal,
        subgraphs: subgraphTotal - calls - database - solving,
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
