import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { HubClient } from '../demo/client/hub-client.js';
import { Hub, type CapacityReport } from '../demo/replay/hub.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, quantile, rounded } from './figures.js';
import { ReserveBedsDocument } from './generated/operations.js';
import { say, type Figures } from './output.js';
import { processorSeconds } from './processor-time.js';
import { giveBack, growReservations } from './reservations.js';
import { sized } from './shortened.js';

/** Requests in flight: as many control rooms that steer at the same moment. */
const CONCURRENCY = 16;
const ROUNDS = sized(5, 1);
const CALLS_PER_ROUND = sized(400, 40);
/** The reservations that a hub stores after months, and the multiples of that number. */
const STORED = sized(20_000, 500);
const GROWTH = sized([1, 4, 16], [1, 2]);
/** More beds than a round reserves, so that no reservation is refused. */
const OPERABLE = 2_000;
const ITEMS_OF_LARGEST_CALL = sized(10_000, 500);
const FACILITIES_OF_LARGEST_CALL = sized(600, 50);

type Reserve = (facilities: readonly string[]) => Promise<void>;

interface Round {
  perSecond: number;
  /** Milliseconds of each request. */
  latencies: number[];
  /** Milliseconds of processor time per request, of every process of the hub; undefined where the system does not count them. */
  processor: number | undefined;
}

/**
 * Measures reservations of one bed through the gateway, each by a request of its own: all in one facility, where each waits for
 * the one before, and spread over all facilities; with more and more stored reservations.
 */
export async function reserve(running: RunningHub): Promise<Figures> {
  const hub = new Hub(running.url, running.token);
  const client = new HubClient(running.url, CONCURRENCY, '');
  const db = new pg.Client(running.databaseUrl('capacity'));
  await db.connect();
  try {
    const facilities = (await hub.facilities()).map(({ id }) => id);
    const refusals = await hub.report(facilities.map(withManyBeds));
    if (refusals.length > 0) throw new Error(`The hub refused a report: ${refusals[0]}`);
    const call = reserver(client, await running.token());
    const hot = () => facilities[0]!;
    let next = 0;
    const spread = () => facilities[next++ % facilities.length]!;

    const growth: Figures[] = [];
    let stored = 0;
    for (const times of GROWTH) {
      say(`Storing ${STORED * times} reservations.`);
      await growReservations(db, stored, STORED * times);
      stored = STORED * times;
      await measured(running, call, hot, spread, db); // warms up
      const rounds = { hot: [] as Round[], spread: [] as Round[] };
      for (let number = 1; number <= ROUNDS; number++) {
        const [onHot, onAll] = await measured(running, call, hot, spread, db);
        rounds.hot.push(onHot);
        rounds.spread.push(onAll);
        say(
          `Round ${number} of ${ROUNDS}: ${rounded(onHot.perSecond)} a second in one facility, ${rounded(onAll.perSecond)} over all.`,
        );
      }
      growth.push({ times, stored, hot: figuresOf(rounds.hot), spread: figuresOf(rounds.spread) });
    }
    const largest = await largestCall(call, facilities, db);
    const [once] = growth;
    return {
      hot: once!['hot'],
      spread: once!['spread'],
      largestCallSeconds: largest,
      largestCallItems: ITEMS_OF_LARGEST_CALL,
      concurrency: CONCURRENCY,
      callsPerRound: CALLS_PER_ROUND,
      rounds: ROUNDS,
      growth,
    };
  } finally {
    await Promise.all([hub.close(), client.close(), db.end()]);
  }
}

async function measured(
  running: RunningHub,
  call: Reserve,
  hot: () => string,
  spread: () => string,
  db: pg.Client,
): Promise<[Round, Round]> {
  const onHot = await round(running, call, hot);
  await giveBack(db);
  const onAll = await round(running, call, spread);
  await giveBack(db);
  return [onHot, onAll];
}

async function round(
  { pid, postmaster }: RunningHub,
  call: Reserve,
  facility: () => string,
): Promise<Round> {
  const latencies: number[] = [];
  let left = CALLS_PER_ROUND;
  const callers = async () => {
    while (left-- > 0) {
      const sentAt = performance.now();
      await call([facility()]);
      latencies.push(performance.now() - sentAt);
    }
  };
  const before = processorSeconds([pid, postmaster]);
  const start = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, callers));
  const seconds = (performance.now() - start) / 1000;
  const after = processorSeconds([pid, postmaster]);
  const used = before === undefined || after === undefined ? undefined : after - before;
  return {
    perSecond: CALLS_PER_ROUND / seconds,
    latencies,
    processor: used === undefined ? undefined : (used / CALLS_PER_ROUND) * 1000,
  };
}

function figuresOf(rounds: readonly Round[]): Figures {
  const middle = (figure: (one: Round) => number) => median(rounds.map(figure));
  const isKnown = rounds.every(({ processor }) => processor !== undefined);
  return {
    reservationsPerSecond: rounded(middle(({ perSecond }) => perSecond)),
    p50: rounded(
      middle(({ latencies }) => quantile(latencies, 0.5)),
      1,
    ),
    p99: rounded(
      middle(({ latencies }) => quantile(latencies, 0.99)),
      1,
    ),
    processorMsPerReservation: isKnown
      ? rounded(
          middle(({ processor }) => processor!),
          2,
        )
      : null,
  };
}

/** Returns the seconds of one request that reserves beds for very many casualties. */
async function largestCall(
  call: Reserve,
  facilities: readonly string[],
  db: pg.Client,
): Promise<number> {
  const items = Array.from(
    { length: ITEMS_OF_LARGEST_CALL },
    (_, n) => facilities[n % FACILITIES_OF_LARGEST_CALL]!,
  );
  const seconds: number[] = [];
  for (let number = 1; number <= ROUNDS; number++) {
    const start = performance.now();
    await call(items);
    seconds.push((performance.now() - start) / 1000);
    await giveBack(db);
  }
  return rounded(median(seconds), 2);
}

function reserver(client: HubClient, token: string): Reserve {
  return async (facilities) => {
    const { reserveBeds } = await client.request(async () => token, ReserveBedsDocument, {
      input: {
        items: facilities.map((facility) => ({
          facility,
          category: 'ICU_UNSPECIFIED' as const,
        })),
        kind: 'PRIMARY',
        idempotencyKey: randomUUID(),
      },
    });
    if (reserveBeds?.__typename === 'Reservation') return;
    throw new Error(`The hub refused a reservation: ${reserveBeds?.message ?? ''}`);
  };
}

/** Returns a report of more beds than any bench reserves. */
export function withManyBeds(facility: string): CapacityReport {
  return {
    facility,
    category: 'ICU_UNSPECIFIED',
    operable: OPERABLE,
    occupied: 0,
    blocked: 0,
    status: 'AVAILABLE',
    limitations: [],
    source: 'bench',
    method: 'REPORTED',
    observedAt: new Date().toISOString(),
  };
}
