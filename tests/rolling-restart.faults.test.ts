import { createClient } from 'graphql-ws';
import pg from 'pg';
import { WebSocket } from 'ws';
import { postGraphQL } from '../shared/testing/graphql-response.js';
import { startHub, type RunningHub } from './running-hub.js';
import { descendantsOf } from './starting/descendants.js';
import { until } from './starting/start-run.js';

const SUBSCRIBERS = 500;
const FACILITIES = 20;
const SOURCE = 'the test of restarts';

interface Beds {
  operable: number;
  occupied: number;
  provenance: { source: string; observedAt: string };
}
interface Facility {
  id: string;
  beds: Beds[];
}
interface Change {
  cursor: string;
  facility: Facility | null;
}
const BEDS = 'id beds(category: BURN) { operable occupied provenance { source observedAt } }';
/** The code that a client receives while something restarts. Anything else is a result, and has to be right. */
const OUTAGE = 'SERVICE_UNAVAILABLE';

let hub: RunningHub;
let token: string;
let facilities: string[];
let subscribers: Subscriber[] = [];
let isOver = false;
let isReporting = true;
/** By facility: the number of the last report that was sent, and of the last one that was confirmed. */
const sent = new Map<string, number>();
const confirmed = new Map<string, number>();
let confirmations = 0;
let reads = 0;
/** Requests that were sent again and again until they succeeded. */
let attempts = 0;
const wrong: unknown[] = [];

const folder = () => hub.environment['VIERBLATT_DATA']!;

beforeAll(async () => {
  hub = await startHub();
  token = await hub.token();
});
afterAll(async () => {
  isOver = true;
  for (const subscriber of subscribers) subscriber.leave();
  await hub.stop();
});

/** Undefined when the hub, or a part of it that is needed, was unavailable. */
async function request(query: string, variables: object): Promise<any> {
  try {
    const { data, errors } = await postGraphQL(
      hub.url,
      { query, variables },
      { authorization: `Bearer ${token}` },
    );
    if (!errors) return data;
    if (!errors.every(({ extensions: { code } }) => code === OUTAGE)) wrong.push(errors);
  } catch {
    // No connection, or one that broke: there is no response.
  }
  return undefined;
}

/** Repeats a request whenever something may have changed, until it succeeds or the test is over. */
async function requestUntilSuccess(query: string, variables: object = {}): Promise<any> {
  let data: unknown;
  await until(folder(), async () => {
    attempts += 1;
    data = await request(query, variables);
    return data !== undefined || isOver;
  });
  return data;
}

let serving: Promise<void> | undefined;
/** Resolves once the gateway, capacity and its database serve again; one query finds out for all clients that wait. */
const untilServing = (): Promise<void> =>
  (serving ??= requestUntilSuccess('{ capacityCursor }').then(() => (serving = undefined)));

/** Reports on one facility after the other, each report again and again until it is confirmed, always as the same one. */
async function report(): Promise<void> {
  for (let round = 1; ; round += 1) {
    for (const facility of facilities) {
      if (!isReporting || isOver) return;
      sent.set(facility, round);
      const input = {
        facility,
        category: 'BURN',
        operable: 1_000,
        occupied: round,
        source: SOURCE,
        observedAt: new Date().toISOString(),
      };
      const data = await requestUntilSuccess(
        'mutation ($input: ReportCapacityInput!) { reportCapacity(input: $input) { __typename ... on Refusal { message } } }',
        { input },
      );
      if (isOver) return; // the test has failed
      if (data.reportCapacity.__typename !== 'Facility') wrong.push(data.reportCapacity);
      confirmed.set(facility, round);
      confirmations += 1;
      await until(folder(), () => isOver || subscribers.some((one) => one.has(facility, round)));
    }
  }
}

/** Reads the reports: never older than confirmed before the request, never newer than sent before the response. */
async function read(): Promise<void> {
  for (let next = 0; !isOver && isReporting; next = (next + 1) % facilities.length) {
    const facility = facilities[next]!;
    const least = confirmed.get(facility) ?? 0;
    const data = await request(`query ($facility: ID!) { facility(id: $facility) { ${BEDS} } }`, {
      facility,
    });
    if (data !== undefined) {
      reads += 1;
      const { occupied = 0, operable = 1_000 } = (data.facility as Facility).beds[0] ?? {};
      const isRight =
        (occupied ?? 0) >= least &&
        (occupied ?? 0) <= (sent.get(facility) ?? 0) &&
        (occupied ? operable === 1_000 : true);
      if (!isRight) wrong.push({ least, data });
    }
    const seen = attempts;
    await until(folder(), () => isOver || !isReporting || attempts > seen);
  }
}

/** Subscriptions that may begin at once; more of one caller's would be refused where their text is new to the gateway. */
const BEGINNING_AT_ONCE = 50;
let beginning = 0;
const waiting: (() => void)[] = [];

/** Resolves once a further subscription may begin, with the function that says that it has. */
async function beginSlot(): Promise<() => void> {
  if (beginning < BEGINNING_AT_ONCE) beginning += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    const next = waiting.shift();
    if (next) next();
    else beginning -= 1;
  };
}

/** Watches all of Germany, comes back whenever it is cut off, and goes on behind its last cursor. */
class Subscriber {
  readonly state = new Map<string, Beds>();
  readonly #client = createClient({
    url: hub.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  #cursor: string;

  constructor(cursor: string) {
    this.#cursor = cursor;
  }

  async watch(): Promise<void> {
    while (!isOver) {
      const hasBegun = await beginSlot();
      try {
        const changes = this.#client.iterate<{ capacityChanged: Change }>({
          query: `subscription ($after: String) { capacityChanged(after: $after) { cursor facility { ${BEDS} } } }`,
          variables: { after: this.#cursor },
        });
        for await (const { data, errors } of changes) {
          // The first message is the mark that follows the catch-up, or a change before it.
          hasBegun();
          if (errors) throw new AggregateError(errors);
          const { cursor, facility } = data!.capacityChanged;
          if (facility) this.state.set(facility.id, facility.beds[0]!);
          this.#cursor = cursor;
        }
      } catch {
        // Cut off. Its state at the end shows whether it missed anything.
      } finally {
        hasBegun();
      }
      await untilServing();
    }
  }

  /** Whether it has received the report of the round, or a later one. */
  has(facility: string, round: number): boolean {
    return (this.state.get(facility)?.occupied ?? 0) >= round;
  }

  leave(): void {
    void this.#client.dispose();
  }
}

/** The process of a program of the hub, once it runs and is not the one before. */
async function processOf(program: string, before?: number): Promise<number> {
  let pid: number | undefined;
  await until(folder(), async () => {
    const processes = await descendantsOf(hub.pid);
    pid = processes.find(({ command }) => command.includes(program))?.pid;
    return pid !== undefined && pid !== before;
  });
  return pid!;
}

/** Waits until everything works again: reports are confirmed, queries succeed, and every subscriber is up to date. */
async function untilAllIsWell(): Promise<void> {
  const [confirmationsBefore, readsBefore] = [confirmations, reads];
  await until(folder(), () => confirmations > confirmationsBefore + 3 && reads > readsBefore + 3);
  const expected = new Map(confirmed);
  await until(folder(), () =>
    subscribers.every((one) => [...expected].every(([id, round]) => one.has(id, round))),
  );
}

test('a restart of any process makes no response wrong, and loses or doubles no report', async () => {
  const start = await requestUntilSuccess(
    'query ($first: Int!) { capacityCursor facilities(first: $first) { nodes { id } } }',
    { first: FACILITIES },
  );
  facilities = start.facilities.nodes.map(({ id }: Facility) => id);
  subscribers = Array.from({ length: SUBSCRIBERS }, () => new Subscriber(start.capacityCursor));
  const reported = report();
  void read();
  for (const subscriber of subscribers) void subscriber.watch();
  await untilAllIsWell();

  for (const program of ['gateway/server.js', 'capacity/server.js']) {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const pid = await processOf(program);
      process.kill(pid, signal);
      await processOf(program, pid);
      await untilAllIsWell();
    }
  }
  process.kill(hub.postmaster, 'SIGKILL');
  await untilAllIsWell();

  isReporting = false;
  await reported;
  const { nodes } = (
    await requestUntilSuccess(
      `query ($first: Int!) { facilities(first: $first) { nodes { ${BEDS} } } }`,
      { first: FACILITIES },
    )
  ).facilities as { nodes: Facility[] };
  const expected = Object.fromEntries(nodes.map(({ id, beds }) => [id, beds[0]]));
  await until(folder(), () =>
    subscribers.every((one) => nodes.every(({ id, beds }) => one.has(id, beds[0]!.occupied))),
  );
  for (const { state } of subscribers) expect(Object.fromEntries(state)).toEqual(expected);
  expect(wrong).toEqual([]);
  await expectEachReportOnce();
});

/** Expects as many reports as were sent, and one event of each. */
async function expectEachReportOnce(): Promise<void> {
  const database = new pg.Client(hub.databaseUrl('capacity'));
  await database.connect();
  const { rows } = await database.query(
    `SELECT (SELECT count(*)::int FROM bed_report WHERE source = $1) AS reports,
      (SELECT count(*)::int FROM outbox_event WHERE entity = ANY ($2)
        AND at >= (SELECT min(received_at) FROM bed_report WHERE source = $1)) AS events`,
    [SOURCE, facilities],
  );
  await database.end();
  const reports = [...sent.values()].reduce((sum, round) => sum + round, 0);
  expect(rows).toEqual([{ reports, events: reports }]);
}
