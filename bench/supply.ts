import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { developmentTokens } from '../demo/client/caller.js';
import { HubClient } from '../demo/client/hub-client.js';
import type { TypedDocument } from '../shared/graphql-client/typed-document.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, quantile, rounded } from './figures.js';
import {
  BookStocksDocument,
  LifelinesOfGermanyDocument,
  ShortagesOfGermanyDocument,
} from './generated/operations.js';
import { say, type Figures } from './output.js';
import { PlainBookings } from './plain-bookings.js';
import { sized } from './shortened.js';
import { type BookedStock, fillStocks, growHistory, storedBookings } from './stock-rows.js';

const BOOKINGS_PER_CALL = 1_000;
/** Calls in flight at once, the same on both sides. */
const CONCURRENCY = 4;
const ROUNDS = sized(5, 1);
const CALLS_PER_ROUND = sized(12, 2);
const STOCKS = sized(100_000, 8_000);
const READS = sized(100, 5);
const GROWTH = sized([1, 4, 16], [1, 2]);

type Send = <Data, Variables extends object>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

/**
 * Bulk bookings through the gateway against plain SQL that writes the same rows of every table, alternately; then the first page of 500
 * of the lists over all sites; both again with 4 and 16 times the history.
 */
export async function supply(running: RunningHub): Promise<Figures> {
  const db = new pg.Client(running.databaseUrl('supply'));
  await db.connect();
  const client = new HubClient(running.url, CONCURRENCY, '');
  const tokens = developmentTokens(running.environment['VIERBLATT_DATA']!, 'vierblatt', {
    ...{ role: 'crisis-staff', areas: [''], subject: 'bench' },
  });
  const send: Send = (document, variables) => client.request(tokens, document, variables);
  const plain = new PlainBookings(running.databaseUrl('supply'), CONCURRENCY);
  try {
    say(`Filling ${STOCKS} stocks.`);
    const stocks = await fillStocks(db, STOCKS);
    let position = 0;
    const next = () => {
      if (position + BOOKINGS_PER_CALL > stocks.length) position = 0;
      return stocks.slice(position, (position += BOOKINGS_PER_CALL));
    };
    const sides = {
      ours: () => timed(() => bookThrough(send, next())),
      plain: () => timed(() => plain.book(next(), true)),
      plainWithoutOutbox: () => timed(() => plain.book(next(), false)),
    };
    for (const side of Object.values(sides)) await side();
    const seconds: Record<keyof typeof sides, number[]> = {
      ...{ ours: [], plain: [], plainWithoutOutbox: [] },
    };
    const names = Object.keys(sides) as (keyof typeof sides)[];
    for (let round = 1; round <= ROUNDS; round++) {
      // Neither side always works in the wake of the same other one.
      for (const name of round % 2 === 0 ? [...names].reverse() : names) {
        seconds[name].push(await sides[name]());
      }
      say(
        `Round ${round} of ${ROUNDS}: ${names.map((name) => perSecond(seconds[name].at(-1)!)).join(', ')} bookings/s.`,
      );
    }
    const ratioTo = (peer: 'plain' | 'plainWithoutOutbox') =>
      rounded(median(seconds.ours.map((own, n) => seconds[peer][n]! / own)), 3);
    const once = await storedBookings(db);
    const growth: Figures[] = [];
    for (const times of GROWTH) {
      say(`Growing the history to ${times} times.`);
      await growHistory(db, once * times);
      await sides.ours();
      const costs: number[] = [];
      for (let round = 1; round <= ROUNDS; round++) costs.push(await sides.ours());
      growth.push({
        ...{ times, stored: once * times, bookingsPerSecond: perSecond(median(costs)) },
        ...(await readLists(send)),
      });
    }
    return {
      bookingsPerSecond: perSecond(median(seconds.ours)),
      ratioToPlainSql: ratioTo('plain'),
      ratioToPlainSqlWithoutOutbox: ratioTo('plainWithoutOutbox'),
      plainSqlPerSecond: perSecond(median(seconds.plain)),
      plainSqlWithoutOutboxPerSecond: perSecond(median(seconds.plainWithoutOutbox)),
      ...{ stocks: stocks.length, concurrency: CONCURRENCY, rounds: ROUNDS, growth },
    };
  } finally {
    await Promise.all([plain.close(), db.end(), client.close()]);
  }

  /** Seconds that a round of calls takes, of which a fixed number are in flight. */
  async function timed(call: () => Promise<void>): Promise<number> {
    let left = CALLS_PER_ROUND;
    const start = performance.now();
    const callRest = async () => {
      while (left-- > 0) await call();
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, callRest));
    return (performance.now() - start) / 1000;
  }
}

const perSecond = (seconds: number) => rounded((CALLS_PER_ROUND * BOOKINGS_PER_CALL) / seconds);

async function bookThrough(send: Send, stocks: readonly BookedStock[]): Promise<void> {
  const bookings = stocks.map(({ facility, item, unit }) => ({
    ...{ facility, item, unit, kind: 'RECEIPT' as const, quantity: 1 },
  }));
  const { bookStocks } = await send(BookStocksDocument, {
    input: { bookings, idempotencyKey: randomUUID() },
  });
  if (!bookStocks || !('outcomes' in bookStocks)) throw new Error('The hub refused the bookings.');
  const refused = bookStocks.outcomes.find((outcome) => outcome?.__typename !== 'StockBooking');
  if (refused !== undefined) throw new Error(`The hub refused: ${JSON.stringify(refused)}`);
}

/** The first page of 500 of each list. */
async function readLists(send: Send): Promise<Figures> {
  return {
    shortages: await pageTimes(async () => {
      const { shortages } = await send(ShortagesOfGermanyDocument, {});
      return shortages?.nodes.length ?? 0;
    }),
    lifelines: await pageTimes(async () => {
      const { lifelines } = await send(LifelinesOfGermanyDocument, {});
      return lifelines?.nodes.length ?? 0;
    }),
  };
}

/** How long it takes to read a page, in milliseconds; `read` returns its length. */
async function pageTimes(read: () => Promise<number>): Promise<Figures> {
  const times: number[] = [];
  let length = 0;
  for (let number = 0; number < READS; number++) {
    const start = performance.now();
    length = await read();
    times.push(performance.now() - start);
  }
  return { length, p50: rounded(quantile(times, 0.5), 1), p99: rounded(quantile(times, 0.99), 1) };
}
