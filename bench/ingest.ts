import pg from 'pg';
import { Hub } from '../demo/replay/hub.js';
import { median, rounded } from './figures.js';
import { say, type Figures } from './output.js';
import { PlainSql } from './plain-sql.js';
import { processorSeconds } from './processor-time.js';
import { Reports, REPORTS_PER_CALL } from './reports.js';
import type { RunningHub } from '../tests/running-hub.js';
import { sized } from './shortened.js';
import { growPast, storedReports } from './stored-reports.js';

/** Calls in flight at once, the same on both sides; it is what the replay's client does. */
const CONCURRENCY = 4;
const ROUNDS = sized(7, 1);
const CALLS_PER_ROUND = sized(12, 4);
/** How much longer the history gets, and how far back the copies lie. */
const GROWTH = sized(
  [
    { times: 4, age: '1 hour' },
    { times: 16, age: '10 hours' },
  ],
  [{ times: 2, age: '1 hour' }],
);

interface Cost {
  /** Seconds by the wall clock. */
  seconds: number;
  /** Processor seconds of every process that does the work; undefined where the system does not say. */
  processor: number | undefined;
}

/**
 * Bulk reports through the gateway against plain SQL that writes the same rows, alternately, so that what else the machine
 * does hits both; then the hub alone with 4 and 16 times the reports stored.
 */
export async function ingest(running: RunningHub): Promise<Figures> {
  const hub = new Hub(running.url, running.token);
  const plain = await PlainSql.open(running, CONCURRENCY);
  const db = new pg.Client(running.databaseUrl('capacity'));
  await db.connect();
  try {
    const reports = new Reports(await hub.facilities());
    const through = (calls: number) => hubRound(hub, running, reports, calls);
    say('Warming up: one report per bed, on both sides.');
    await plainRound(plain, running, reports, reports.callsPerLap);
    await through(reports.callsPerLap);

    const ours: Cost[] = [];
    const theirs: Cost[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const sides = [
        async () => theirs.push(await plainRound(plain, running, reports, CALLS_PER_ROUND)),
        async () => ours.push(await through(CALLS_PER_ROUND)),
      ];
      // Neither side always works in the wake of the other.
      for (const side of round % 2 === 0 ? sides.reverse() : sides) await side();
      say(
        `Round ${round} of ${ROUNDS}: ${perSecond(ours.at(-1)!)} reports/s, plain SQL ${perSecond(theirs.at(-1)!)}.`,
      );
    }
    const figures = compared(ours, theirs);

    const once = await storedReports(db);
    const costGrowth = [growthStep(1, once, ours)];
    for (const { times, age } of GROWTH) {
      say(`Growing the history to ${times} times.`);
      await growPast(db, once * times, age);
      await through(CALLS_PER_ROUND);
      const costs: Cost[] = [];
      for (let round = 1; round <= ROUNDS; round++) costs.push(await through(CALLS_PER_ROUND));
      costGrowth.push(growthStep(times, once * times, costs));
    }
    return { ...figures, costGrowth };
  } finally {
    await Promise.all([hub.close(), plain.close(), db.end()]);
  }
}

function compared(ours: Cost[], theirs: Cost[]): Figures {
  const processor = (costs: Cost[]) =>
    costs[0]!.processor === undefined
      ? null
      : rounded((median(costs.map((cost) => cost.processor!)) / CALLS_PER_ROUND) * 1000);
  return {
    reportsPerSecond: rounded(median(ours.map(perSecond))),
    ratioToPlainSql: rounded(
      median(ours.map((cost, round) => theirs[round]!.seconds / cost.seconds)),
      3,
    ),
    plainSqlPerSecond: rounded(median(theirs.map(perSecond))),
    processorMsPer1000: processor(ours),
    plainSqlProcessorMsPer1000: processor(theirs),
    concurrency: CONCURRENCY,
    reportsPerCall: REPORTS_PER_CALL,
    rounds: ROUNDS,
  };
}

function growthStep(times: number, stored: number, costs: Cost[]) {
  const perReport = (seconds: number) =>
    rounded((seconds / (CALLS_PER_ROUND * REPORTS_PER_CALL)) * 1e6, 1);
  const { processor } = costs[0]!;
  return {
    times,
    stored,
    microsecondsPerReport: perReport(median(costs.map(({ seconds }) => seconds))),
    processorMicrosecondsPerReport:
      processor === undefined ? null : perReport(median(costs.map((cost) => cost.processor!))),
  };
}

const perSecond = ({ seconds }: Cost) => rounded((CALLS_PER_ROUND * REPORTS_PER_CALL) / seconds);

async function hubRound(
  hub: Hub,
  { pid, postmaster }: RunningHub,
  reports: Reports,
  calls: number,
): Promise<Cost> {
  const round = reports.next(calls);
  const before = processorSeconds([pid, postmaster]);
  const start = performance.now();
  const refusals = await hub.report(round);
  const seconds = (performance.now() - start) / 1000;
  const after = processorSeconds([pid, postmaster]);
  if (refusals.length > 0)
    throw new Error(`The hub refused ${refusals.length} reports: ${refusals[0]}`);
  return { seconds, processor: difference(before, after) };
}

/** This process is the peer's program, so its time counts. */
async function plainRound(
  plain: PlainSql,
  { postmaster }: RunningHub,
  reports: Reports,
  calls: number,
): Promise<Cost> {
  const round = reports.next(calls);
  const before = processorSeconds([postmaster]);
  const own = process.cpuUsage();
  const start = performance.now();
  await plain.store(round);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(own);
  const server = difference(before, processorSeconds([postmaster]));
  return { seconds, processor: server === undefined ? undefined : server + (user + system) / 1e6 };
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}
