import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { GraphQLEndpoint } from '../demo/client/graphql-endpoint.js';
import { Hub } from '../demo/replay/hub.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, quantile, rounded } from './figures.js';
import { say, type Figures } from './output.js';
import { processorSeconds } from './processor-time.js';
import { giveBack, growReservations } from './reservations.js';
import { sized } from './shortened.js';

/** Calls in flight at once: as many control rooms that steer at the same moment. */
const CONCURRENCY = 16;
const ROUNDS = sized(5, 1);
const CALLS_PER_ROUND = sized(400, 40);
/** What a hub that runs for months keeps, and how many times as much. */
const STORED = sized(20_000, 500);
const GROWTH = sized([1, 4, 16], [1, 2]);
/** More than a round takes, so that every call is given its place. */
const OPERABLE = 2_000;
const ITEMS_OF_LARGEST_CALL = sized(10_000, 500);
const HOUSES_OF_LARGEST_CALL = sized(600, 50);

export const RESERVE = /* GraphQL */ `
  mutation BenchReserve($input: ReserveBedsInput!) {
    reserveBeds(input: $input) {
      __typename
      ... on Reservation {
        id
        status
      }
      ... on Refusal {
        message
      }
    }
  }
`;

type Reserve = (facilities: readonly string[]) => Promise<void>;

interface Round {
  perSecond: number;
  /** Milliseconds of each call. */
  latencies: number[];
  /** Milliseconds of processor time for each call, of every process of the hub; undefined where nobody says. */
  processor: number | undefined;
}

/**
 * Reservations of one place through the gateway, each by a call of its own that waits for its answer: all in one house,
 * where each waits for the one before, and spread over all; with the reservations of a longer and longer past stored.
 */
export async function reserve(running: RunningHub): Promise<Figures> {
  const hub = new Hub(running.url, running.token);
  const endpoint = new GraphQLEndpoint(running.url, CONCURRENCY, '');
  const db = new pg.Client(running.databaseUrl('capacity'));
  await db.connect();
  try {
    const facilities = (await hub.facilities()).map(({ id }) => id);
    const refusals = await hub.report(facilities.map(withManyBeds));
    if (refusals.length > 0) throw new Error(`The hub refused a report: ${refusals[0]}`);
    const call = reserver(endpoint, await running.token());
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
          `Round ${number} of ${ROUNDS}: ${rounded(onHot.perSecond)} a second in one house, ${rounded(onAll.perSecond)} over all.`,
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
    await Promise.all([hub.close(), endpoint.close(), db.end()]);
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
  place: () => string,
): Promise<Round> {
  const latencies: number[] = [];
  let left = CALLS_PER_ROUND;
  const callers = async () => {
    while (left-- > 0) {
      const sentAt = performance.now();
      await call([place()]);
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

/** Seconds of one call that takes places for very many casualties at once. */
async function largestCall(
  call: Reserve,
  facilities: readonly string[],
  db: pg.Client,
): Promise<number> {
  const items = Array.from(
    { length: ITEMS_OF_LARGEST_CALL },
    (_, n) => facilities[n % HOUSES_OF_LARGEST_CALL]!,
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

function reserver(endpoint: GraphQLEndpoint, token: string): Reserve {
  return async (facilities) => {
    const input = {
      items: facilities.map((facility) => ({ facility, category: 'ICU_UNSPECIFIED' })),
      kind: 'PRIMARY',
      idempotencyKey: randomUUID(),
    };
    const { reserveBeds } = await endpoint.ask<{
      reserveBeds: { __typename: string; message?: string };
    }>(async () => token, RESERVE, { input });
    if (reserveBeds.__typename === 'Reservation') return;
    throw new Error(`The hub refused a reservation: ${reserveBeds.message ?? ''}`);
  };
}

/** A report of more beds than any bench takes. */
export function withManyBeds(facility: string) {
  return {
    ...{ facility, category: 'ICU_UNSPECIFIED', operable: OPERABLE, occupied: 0, blocked: 0 },
    ...{ status: 'AVAILABLE', limitations: [], source: 'bench', method: 'REPORTED' },
    observedAt: new Date().toISOString(),
  };
}
