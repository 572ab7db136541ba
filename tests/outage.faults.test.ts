import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { postGraphQL } from '../shared/testing/graphql-response.js';
import { startHub, type RunningHub } from './running-hub.js';

const SUBSCRIBERS = 100;
const SOCKETS = 5;
const BEDS = 'beds(category: ICU_UNSPECIFIED) { operable occupied provenance { source } }';

let hub: RunningHub;
let token: string;
const clients: Client[] = [];
beforeAll(async () => {
  hub = await startHub();
  token = await hub.token();
});
afterAll(async () => {
  for (const client of clients) await client.dispose();
  await hub.stop();
});

interface Facility {
  id: string;
  beds: unknown[];
}

/** Undefined while the subgraph is unavailable. */
async function request<Data>(query: string, variables: object = {}): Promise<Data | undefined> {
  const body = await postGraphQL(
    hub.url,
    { query, variables },
    { authorization: `Bearer ${token}` },
  );
  const fault = body.errors?.find(({ extensions }) => extensions.code !== 'SERVICE_UNAVAILABLE');
  if (fault) throw new Error(`${fault.extensions.code}: ${fault.message}`);
  return body.errors ? undefined : body.data;
}

/** Repeats the report until it is accepted: while the subgraph is unavailable it cannot be. */
async function report(facility: string, occupied: number, source: string): Promise<void> {
  const mutation =
    'mutation ($input: ReportCapacityInput!) { reportCapacity(input: $input) { __typename } }';
  const input = {
    facility,
    category: 'ICU_UNSPECIFIED',
    operable: 50,
    occupied,
    source,
    observedAt: new Date().toISOString(),
  };
  while (!(await request(mutation, { input })));
}

/** The process of a subgraph, found as the child of the starter. */
async function processOf(subgraph: string): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,args=']);
  for (const line of stdout.split('\n')) {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (Number(parent) === hub.pid && command.includes(`subgraphs/${subgraph}/server.js`)) {
      return Number(pid);
    }
  }
  throw new Error(`The starter ${hub.pid} has no child that is ${subgraph}:\n${stdout}`);
}

/** The last change that each subscriber received of every facility, until the last report arrives. */
function subscribers() {
  const begun = Array.from({ length: SOCKETS }, () => {
    const client = createClient({
      url: hub.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    clients.push(client);
    return client;
  });
  return Array.from({ length: SUBSCRIBERS }, (_, index) =>
    begun[index % SOCKETS]!.iterate<{ capacityChanged: { facility: Facility | null } }>({
      query: `subscription ($after: String) { capacityChanged(after: $after) { facility { id ${BEDS} } } }`,
      variables: { after },
    }),
  );
}
let after: string | undefined;

test('subscribers notice nothing of a subgraph that is killed and comes back, and miss nothing', async () => {
  const { facilities } = (await request<{ facilities: { nodes: Facility[] } }>(
    '{ facilities(first: 20) { nodes { id } } }',
  ))!;
  const ids = facilities.nodes.map(({ id }) => id);
  after = (await request<{ capacityCursor: string }>('{ capacityCursor }'))!.capacityCursor;
  const received = subscribers().map(async (changes) => {
    const state = new Map<string, unknown>();
    for await (const { data, errors } of changes) {
      expect(errors).toBeUndefined();
      const { facility } = data!.capacityChanged;
      if (!facility) continue; // a mark
      const { id, beds } = facility;
      state.set(id, beds);
      if (JSON.stringify(beds).includes('the last report')) return state;
    }
    throw new Error('The subscription ended.');
  });

  for (const id of ids.slice(0, 10)) await report(id, 10, 'before');
  const killed = await processOf('capacity');
  process.kill(killed, 'SIGKILL');
  for (const id of ids.slice(5, 19)) await report(id, 20, 'after');
  expect(await processOf('capacity')).not.toBe(killed);
  await report(ids[19]!, 30, 'the last report');

  const expected = new Map<string, unknown>();
  for (const id of ids) {
    const { facility } = (await request<{ facility: Facility }>(
      `query ($id: ID!) { facility(id: $id) { id ${BEDS} } }`,
      { id },
    ))!;
    expected.set(id, facility.beds);
  }
  for (const state of await Promise.all(received)) expect(state).toEqual(expected);
});
