import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { projectPath } from '../shared/root.js';
import { postGraphQL } from '../shared/testing/graphql-response.js';
import { startHub, type RunningHub } from './running-hub.js';

let hub: RunningHub;
let token: string;
beforeAll(async () => {
  hub = await startHub();
  token = await hub.token();
});
/** One that a failed test left behind would play three months. */
let replay: ChildProcess | undefined;
afterEach(() => replay?.kill('SIGKILL'));
afterAll(() => hub.stop());

interface Beds {
  operable: number;
  occupied: number;
  free: number;
  provenance: { source: string };
}
interface Change {
  cursor: string;
  facility: { id: string; beds: Beds[] } | null;
}

const BEDS = 'beds(category: ICU_UNSPECIFIED) { operable occupied free provenance { source } }';

async function request<Data>(query: string, variables: object = {}): Promise<Data> {
  const { data, errors } = await postGraphQL(
    hub.url,
    { query, variables },
    { authorization: `Bearer ${token}` },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** The state of every facility as queries give it, and the cursor from which a subscriber goes on. */
async function queried(): Promise<{ cursor: string; state: Map<string, Beds> }> {
  const { capacityCursor: cursor } = await request<{ capacityCursor: string }>(
    '{ capacityCursor }',
  );
  const state = new Map<string, Beds>();
  let after: string | null = null;
  do {
    const { facilities }: Facilities = await request(
      `query ($after: String) { facilities(first: 500, after: $after) {
        nodes { id ${BEDS} } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    for (const { id, beds } of facilities.nodes) if (beds[0]!.provenance) state.set(id, beds[0]!);
    after = facilities.pageInfo.hasNextPage ? facilities.pageInfo.endCursor : null;
  } while (after !== null);
  return { cursor, state };
}
interface Facilities {
  facilities: {
    nodes: { id: string; beds: Beds[] }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}

/** A subscriber that can be cut off without a word, as by a cable that is pulled. */
function subscribe(after: string) {
  let socket: WebSocket | undefined;
  const client = createClient({
    url: hub.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    on: { opened: (opened) => (socket = opened as WebSocket) },
  });
  const changes = client.iterate<{ capacityChanged: Change }>({
    query: `subscription ($after: String) { capacityChanged(after: $after) { cursor facility { id ${BEDS} } } }`,
    variables: { after },
  });
  return { changes, pullTheCable: () => socket!.terminate(), leave: () => client.dispose() };
}

test('a subscriber that is cut off and resumes 20 times during a replay ends with exactly what a query gives', async () => {
  const start = await queried();
  const state = new Map(start.state);
  let { cursor } = start;

  replay = spawn(
    process.execPath,
    [
      projectPath('demo/replay/replay.mjs'),
      '--from',
      '2020-10-02',
      '--to',
      '2020-12-31',
      '--speed',
      '2',
    ],
    { env: hub.environment, stdio: 'ignore' },
  );
  const ended = once(replay, 'exit');
  // A day changes 2,540 facilities, so each life ends in the middle of one, and there is always more to come.
  for (let life = 0; life < 20; life++) {
    const { changes, pullTheCable } = subscribe(cursor);
    for (let received = 0; received < 300 + life * 17; received++) {
      const { value } = await changes.next();
      const { facility, cursor: next } = value!.data!.capacityChanged;
      if (facility) state.set(facility.id, facility.beds[0]);
      cursor = next;
    }
    pullTheCable();
  }
  expect(replay.exitCode).toBeNull(); // it still went on
  replay.kill('SIGINT'); // ends after the day that is being reported
  expect(await ended).toEqual([0, null]);

  // The remaining messages end with a change that this test makes itself.
  const last = await reportOnce();
  const { changes, leave } = subscribe(cursor);
  for (;;) {
    const { facility } = (await changes.next()).value!.data!.capacityChanged;
    if (!facility) continue; // a mark
    state.set(facility.id, facility.beds[0]);
    if (facility.beds[0]!.provenance.source === last) break;
  }
  await leave();

  const { state: expected } = await queried();
  expect(state.size).toBe(expected.size);
  expect(Object.fromEntries(state)).toEqual(Object.fromEntries(expected));
});

async function reportOnce(): Promise<string> {
  const { facilities } = await request<Facilities>('{ facilities(first: 1) { nodes { id } } }');
  const source = 'the end of the test';
  await request(
    `mutation ($input: ReportCapacityInput!) { reportCapacity(input: $input) { __typename } }`,
    {
      input: {
        facility: facilities.nodes[0]!.id,
        category: 'ICU_UNSPECIFIED',
        operable: 1,
        occupied: 1,
        source,
        observedAt: new Date().toISOString(),
      },
    },
  );
  return source;
}
