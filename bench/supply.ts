import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, quantile, rounded } from './figures.js';
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

const BOOK = `mutation ($input: BookStocksInput!) { bookStocks(input: $input) {
  ... on BookedStocks { outcomes { __typename } } } }`;
const LISTS = {
  shortages: `{ shortages(area: "", first: 500) { nodes { missing item { name } stock { id quantity daysOfCover duty { requiredDays } } } } }`,
  lifelines: `{ lifelines(first: 500) { nodes { kind } } }`,
};

type Send = <Data>(query: string, variables?: object) => Promise<Data>;

/**
 * Bulk bookings through the gateway against plain SQL that writes the same rows of every table, alternately; then the first page of 500
 * of the lists over all sites; both again with 4 and 16 times the history.
 */
export async function supply(running: RunningHub): Promise<Figures> {
  const db = new pg.Client(running.databaseUrl('supply'));
  await db.connect();
  const plain = new PlainBookings(running.databaseUrl('supply'), CONCURRENCY);
  try {
    say(`Filling ${STOCKS} stocks.`);
    const stocks = await fillStocks(db, STOCKS);
    const send = await senderTo(running);
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
    await Promise.all([plain.close(), db.end()]);
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

interface BookedData {
  bookStocks: { outcomes: ({ __typename: string } | null)[] };
}

async function bookThrough(send: Send, stocks: readonly BookedStock[]): Promise<void> {
  const bookings = stocks.map(({ facility, item, unit }) => ({
    ...{ facility, item, unit, kind: 'RECEIPT', quantity: 1 },
  }));
  const { bookStocks } = await send<BookedData>(BOOK, {
    input: { bookings, idempotencyKey: randomUUID() },
  });
  const refused = bookStocks.outcomes.find((outcome) => outcome?.__typename !== 'StockBooking');
  if (refused !== undefined) throw new Error(`The hub refused: ${JSON.stringify(refused)}`);
}

async function readLists(send: Send): Promise<Figures> {
  const figures: Figures = {};
  for (const [name, query] of Object.entries(LISTS)) {
    const times: number[] = [];
    let length = 0;
    for (let read = 0; read < READS; read++) {
      const start = performance.now();
      const data = await send<Record<string, { nodes: unknown[] }>>(query);
      times.push(performance.now() - start);
      length = data[name]!.nodes.length;
    }
    figures[name] = {
      length,
      p50: rounded(quantile(times, 0.5), 1),
      p99: rounded(quantile(times, 0.99), 1),
    };
  }
  return figures;
}

/** Sends as crisis staff of all of Germany. Throws for a response with errors. */
async function senderTo({ url, environment }: RunningHub): Promise<Send> {
  const token = await issueDevelopmentToken(environment['VIERBLATT_DATA']!, 'vierblatt', {
    ...{ role: 'crisis-staff', areas: [''], facilities: [], subject: 'bench', ttl: 7200 },
  });
  return async <Data>(query: string, variables: object = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown[] };
    if (errors) throw new Error(JSON.stringify(errors).slice(0, 500));
    return data;
  };
}
