import { createClient } from 'graphql-ws';
import { Client } from 'pg';
import { WebSocket } from 'ws';
import { postGraphQL } from '../shared/testing/graphql-response.js';
import { startHub, type RunningHub } from './running-hub.js';

const REPORTS = 500;
/** Calls that report at the same time. */
const REPORTERS = 4;
const MESSAGES_BEFORE_CUT = 25;
const REPORTS_PER_FRESH_WATCHER = 100;
const LAST = 'the last report of the test';

let hub: RunningHub;
let token: string;
beforeAll(async () => {
  hub = await startHub();
  token = await hub.token();
});
afterAll(() => hub.stop());

interface Facility {
  id: string;
  beds: { operable: number; occupied: number; provenance: { source: string } | null }[];
}
const BEDS = 'beds(category: ICU_HIGH_CARE) { operable occupied provenance { source } }';

/** Repeats the query until the response has no errors: while connections are terminated, some have. */
async function request<Data>(query: string, variables: object = {}): Promise<Data> {
  for (;;) {
    const { data, errors } = await postGraphQL(
      hub.url,
      { query, variables },
      { authorization: `Bearer ${token}` },
    );
    if (data && !errors) return data;
  }
}

/** The state that a watcher holds, from a query and the messages since. */
class Watcher {
  /** JSON of the beds of each facility. */
  readonly state = new Map<string, string>();
  readonly errors: unknown[] = [];
  #cursor: string;
  /** Whether the state holds the last report, also when the query was answered after it. */
  #isOver = false;

  private constructor(cursor: string, facilities: readonly Facility[]) {
    this.#cursor = cursor;
    for (const facility of facilities) this.#hold(facility);
  }

  #hold({ id, beds }: Facility): void {
    this.state.set(id, JSON.stringify(beds));
    if (beds.some(({ provenance }) => provenance?.source === LAST)) this.#isOver = true;
  }

  static async fromQuery(): Promise<Watcher> {
    const { capacityCursor, facilities } = await request<{
      capacityCursor: string;
      facilities: { nodes: Facility[] };
    }>(`{ capacityCursor facilities(first: ${REPORTS}) { nodes { id ${BEDS} } } }`);
    return new Watcher(capacityCursor, facilities.nodes);
  }

  /** Watches until the last report. Whenever it is cut off it comes back with the last cursor of a whole message. */
  async watch(messagesBeforeCut = Infinity): Promise<this> {
    while (!this.#isOver) await this.#watchOnce(messagesBeforeCut);
    return this;
  }

  async #watchOnce(messagesBeforeCut: number): Promise<void> {
    const client = createClient({
      url: hub.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    try {
      const messages = client.iterate<{
        capacityChanged: { cursor: string; facility: Facility | null };
      }>({
        query: `subscription ($after: String) {
          capacityChanged(after: $after) { cursor facility { id ${BEDS} } }
        }`,
        variables: { after: this.#cursor },
      });
      let received = 0;
      for await (const { data, errors } of messages) {
        if (errors) this.errors.push(errors);
        if (errors || !data) return;
        const { cursor, facility } = data.capacityChanged;
        this.#cursor = cursor;
        if (!facility) continue; // a mark
        if (this.state.has(facility.id)) this.#hold(facility);
        if (this.#isOver || ++received === messagesBeforeCut) return;
      }
    } catch {
      // The subscription was refused or its socket broke.
    } finally {
      await client.dispose();
    }
  }
}

async function report(facility: string, number: number, source: string): Promise<void> {
  const observedAt = new Date().toISOString();
  const input = {
    facility,
    category: 'ICU_HIGH_CARE',
    source,
    method: 'REPORTED',
    observedAt,
    operable: 10 + (number % 7),
    occupied: number % 10,
  };
  await request(
    'mutation ($input: ReportCapacityInput!) { reportCapacity(input: $input) { __typename } }',
    { input },
  );
}

/** Terminates one connection of the capacity database after the other, each chosen at random, until it is stopped. */
async function terminator() {
  const admin = new Client({ connectionString: hub.databaseUrl('postgres') });
  await admin.connect();
  let isStopped = false;
  const terminating = (async () => {
    let terminated = 0;
    while (!isStopped) {
      const { rowCount } = await admin.query(
        `SELECT pg_terminate_backend(pid), pg_sleep(0.01) FROM pg_stat_activity
         WHERE datname = 'capacity' AND backend_type = 'client backend' ORDER BY random() LIMIT 1`,
      );
      terminated += rowCount ?? 0;
    }
    await admin.end();
    return terminated;
  })();
  return {
    stop() {
      isStopped = true;
      return terminating;
    },
  };
}

test('no watcher misses a change while connections to the database are terminated at random', async () => {
  const steady = await Watcher.fromQuery();
  const facilities = [...steady.state.keys()];
  expect(facilities).toHaveLength(REPORTS);
  const watching = [
    steady.watch(),
    Watcher.fromQuery().then((watcher) => watcher.watch(MESSAGES_BEFORE_CUT)),
  ];

  const { stop } = await terminator();
  // Each facility is reported once, so that no later change hides one that was missed.
  const next = facilities.entries();
  const reporter = async () => {
    for (const [number, facility] of next) {
      await report(facility, number, `report ${number}`);
      if (number % REPORTS_PER_FRESH_WATCHER === 0) {
        watching.push(Watcher.fromQuery().then((watcher) => watcher.watch()));
      }
    }
  };
  await Promise.all(Array.from({ length: REPORTERS }, reporter));
  expect(await stop()).toBeGreaterThan(20);
  await report(facilities[0]!, 0, LAST);

  const watchers = await Promise.all(watching);
  const { state: expected } = await Watcher.fromQuery();
  expect(watchers).toHaveLength(2 + REPORTS / REPORTS_PER_FRESH_WATCHER);
  for (const { state, errors } of watchers) {
    expect(errors).toEqual([]);
    expect(Object.fromEntries(state)).toEqual(Object.fromEntries(expected));
  }
});
