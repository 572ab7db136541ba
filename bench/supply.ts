import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { developmentTokens } from '../demo/client/caller.js';
import { HubClient } from '../demo/client/hub-client.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, rounded } from './figures.js';
import { BookStocksDocument } from './generated/operations.js';
import { say, type Figures } from './output.js';
import { PlainBookings } from './plain-bookings.js';
import { processorSeconds } from './processor-time.js';
import { sized } from './shortened.js';
import { growCases, readLists, type Send } from './supply-lists.js';
import { type BookedStock, fillStocks, growHistory, storedBookings } from './stock-rows.js';

const BOOKINGS_PER_CALL = 1_000;
/** Calls in flight at once, the same on both sides. */
const CONCURRENCY = 4;
const ROUNDS = sized(5, 1);
const CALLS_PER_ROUND = sized(12, 2);
const STOCKS = sized(100_000, 8_000);
const GROWTH = sized([1, 4, 16], [1, 2]);

interface Cost {
  /** Seconds by the wall clock. */
  seconds: number;
  /** Processor seconds of the hub, its database server and this process; undefined where the system does not say. */
  processor: number | undefined;
}

/**
 * Bulk bookings through the gateway against plain SQL that writes the same rows of every table, alternately; then the first page of 500
 * of the lists over all sites; both again with 4 and 16 times the history.
 */
export async function supply(running: RunningHub): Promise<Figures> {
  const db = new pg.Client(running.databaseUrl('supply'));
  await db.connect();
  const client = new HubClient(running.url, CONCURRENCY, '');
  const tokens = developmentTokens(running.environment['VIERBLATT_DATA']!, 'vierblatt', {
    role: 'crisis-staff',
    areas: [''],
    subject: 'bench',
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
    const costs: Record<keyof typeof sides, Cost[]> = {
      ours: [],
      plain: [],
      plainWithoutOutbox: [],
    };
    const names = Object.keys(sides) as (keyof typeof sides)[];
    for (let round = 1; round <= ROUNDS; round++) {
      // Neither side always works in the wake of the same other one.
      for (const name of round % 2 === 0 ? [...names].reverse() : names) {
        costs[name].push(await sides[name]());
      }
      say(
        `Round ${round} of ${ROUNDS}: ${names.map((name) => rounded(perSecond(costs[name].at(-1)!))).join(', ')} bookings/s.`,
      );
    }
    const ratioTo = (peer: 'plain' | 'plainWithoutOutbox') =>
      rounded(median(costs.ours.map(({ seconds }, n) => costs[peer][n]!.seconds / seconds)), 3);
    const once = await storedBookings(db);
    const growth: Figures[] = [];
    for (const times of GROWTH) {
      say(`Growing the history to ${times} times.`);
      await growHistory(db, once * times);
      await growCases(db, times);
      await sides.ours();
      const grown: Cost[] = [];
      for (let round = 1; round <= ROUNDS; round++) grown.push(await sides.ours());
      growth.push({
        times,
        stored: once * times,
        bookingsPerSecond: medianOf(grown, perSecond),
        processorMsPer1000: processorOf(grown),
        ...(await readLists(send)),
      });
    }
    return {
      bookingsPerSecond: medianOf(costs.ours, perSecond),
      ratioToPlainSql: ratioTo('plain'),
      ratioToPlainSqlWithoutOutbox: ratioTo('plainWithoutOutbox'),
      plainSqlPerSecond: medianOf(costs.plain, perSecond),
      plainSqlWithoutOutboxPerSecond: medianOf(costs.plainWithoutOutbox, perSecond),
      processorMsPer1000: processorOf(costs.ours),
      plainSqlProcessorMsPer1000: processorOf(costs.plain),
      plainSqlWithoutOutboxProcessorMsPer1000: processorOf(costs.plainWithoutOutbox),
      stocks: stocks.length,
      concurrency: CONCURRENCY,
      rounds: ROUNDS,
      growth,
    };
  } finally {
    await Promise.all([plain.close(), db.end(), client.close()]);
  }

  /** Returns the cost of a round of calls, of which a fixed number are in flight. */
  async function timed(call: () => Promise<void>): Promise<Cost> {
    let left = CALLS_PER_ROUND;
    const callRest = async () => {
      while (left-- > 0) await call();
    };
    const [before, start] = [processorNow(running), performance.now()];
    await Promise.all(Array.from({ length: CONCURRENCY }, callRest));
    const seconds = (performance.now() - start) / 1000;
    const after = processorNow(running);
    const isKnown = before !== undefined && after !== undefined;
    return { seconds, processor: isKnown ? after - before : undefined };
  }
}

function processorNow({ pid, postmaster }: RunningHub): number | undefined {
  const hub = processorSeconds([pid, postmaster]);
  const { user, system } = process.cpuUsage();
  return hub === undefined ? undefined : hub + (user + system) / 1e6;
}

const perSecond = ({ seconds }: Cost) => (CALLS_PER_ROUND * BOOKINGS_PER_CALL) / seconds;

const medianOf = (costs: readonly Cost[], figure: (cost: Cost) => number) =>
  rounded(median(costs.map(figure)));

/** Milliseconds of processor time for a thousand bookings; null where the system does not say. */
function processorOf(costs: readonly Cost[]): number | null {
  if (costs[0]!.processor === undefined) return null;
  const perThousand = CALLS_PER_ROUND * (BOOKINGS_PER_CALL / 1_000);
  return medianOf(costs, ({ processor }) => (processor! * 1_000) / perThousand);
}

async function bookThrough(send: Send, stocks: readonly BookedStock[]): Promise<void> {
  const bookings = stocks.map(({ facility, item, unit }) => ({
    facility,
    item,
    unit,
    kind: 'RECEIPT' as const,
    quantity: 1,
  }));
  const { bookStocks } = await send(BookStocksDocument, {
    input: { bookings, idempotencyKey: randomUUID() },
  });
  if (!bookStocks || !('outcomes' in bookStocks)) throw new Error('The hub refused the bookings.');
  const refused = bookStocks.outcomes.find((outcome) => outcome?.__typename !== 'StockBooking');
  if (refused !== undefined) throw new Error(`The hub refused: ${JSON.stringify(refused)}`);
}
