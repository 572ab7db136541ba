import pg from 'pg';
import { median, quantile, rounded } from './figures.js';
import { Journeys, STEPS, type Journey } from './journeys.js';
import { growOpenTransfers, openTransfers } from './open-transfers.js';
import { say, type Figures } from './output.js';
import { processorSeconds } from './processor-time.js';
import { sized } from './shortened.js';
import type { RunningHub } from '../tests/running-hub.js';
import { liveTransfers } from './transfers-live.js';

/** Calls in flight at once: as many people who act at the same moment. */
const CONCURRENCY = 16;
const ROUNDS = sized(3, 1);
const JOURNEYS_PER_ROUND = sized(50, 10);
const STEPS_PER_ROUND = JOURNEYS_PER_ROUND * STEPS.length;
/** The transfers that are copied: some after every step but the last, which ends them. */
const ORIGINALS = sized(50, 10);
/** A day on which a thousand patients are on the way, and how many times as many. */
const OPEN = sized(1_000, 20);
const GROWTH = sized([1, 4, 16], [1, 2]);

interface Round {
  perSecond: number;
  /** Milliseconds of each call, by the index of its step. */
  latencies: number[][];
  /** Milliseconds of processor time for each step, of every process of the hub; undefined where nobody says. */
  processor: number | undefined;
}

/**
 * Steps of transfers through the gateway, from the request to the hand-over, each by a call of its own that waits for its
 * response, with more and more other transfers open; then, with most of them open, how soon a subscriber receives a transition.
 */
export async function transfers(running: RunningHub): Promise<Figures> {
  const patients = new pg.Client(running.databaseUrl('patients'));
  const capacity = new pg.Client(running.databaseUrl('capacity'));
  await Promise.all([patients.connect(), capacity.connect()]);
  const journeys = await Journeys.open(running, CONCURRENCY);
  try {
    await leaveOpen(journeys);
    const growth: Figures[] = [];
    let once: Figures | undefined;
    for (const times of GROWTH) {
      say(`Growing to ${OPEN * times} open transfers.`);
      await growOpenTransfers(patients, capacity, OPEN * times);
      await round(running, journeys); // warms up
      const rounds: Round[] = [];
      for (let number = 1; number <= ROUNDS; number++) {
        const measured = await round(running, journeys);
        rounds.push(measured);
        say(`Round ${number} of ${ROUNDS}: ${rounded(measured.perSecond)} steps a second.`);
      }
      const figures = figuresOf(rounds);
      once ??= figures;
      growth.push({ times, open: await openTransfers(patients), ...figures });
    }
    const live = await liveTransfers(running, journeys);
    return {
      ...once,
      live,
      concurrency: CONCURRENCY,
      stepsPerRound: STEPS_PER_ROUND,
      rounds: ROUNDS,
      growth,
    };
  } finally {
    await Promise.all([journeys.close(), patients.end(), capacity.end()]);
  }
}

async function leaveOpen(journeys: Journeys): Promise<void> {
  for (let number = 0; number < ORIGINALS; number++) {
    const journey = journeys.begin();
    const last = 1 + (number % (STEPS.length - 1));
    while (journey.steps < last) await journeys.advance(journey);
  }
}

async function round({ pid, postmaster }: RunningHub, journeys: Journeys): Promise<Round> {
  const latencies: number[][] = STEPS.map(() => []);
  const left = Array.from({ length: JOURNEYS_PER_ROUND }, () => journeys.begin());
  const walk = async (journey: Journey) => {
    for (const ofStep of latencies) {
      const sentAt = performance.now();
      await journeys.advance(journey);
      ofStep.push(performance.now() - sentAt);
    }
  };
  const people = async () => {
    for (let journey = left.pop(); journey; journey = left.pop()) await walk(journey);
  };
  const before = processorSeconds([pid, postmaster]);
  const start = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, people));
  const seconds = (performance.now() - start) / 1000;
  const after = processorSeconds([pid, postmaster]);
  const used = before === undefined || after === undefined ? undefined : after - before;
  return {
    perSecond: STEPS_PER_ROUND / seconds,
    latencies,
    processor: used === undefined ? undefined : (used / STEPS_PER_ROUND) * 1000,
  };
}

function figuresOf(rounds: readonly Round[]): Figures {
  const middle = (figure: (one: Round) => number, digits = 0) =>
    rounded(median(rounds.map(figure)), digits);
  const atShare = (share: number) =>
    middle(({ latencies }) => quantile(latencies.flat(), share), 1);
  const isKnown = rounds.every(({ processor }) => processor !== undefined);
  return {
    stepsPerSecond: middle(({ perSecond }) => perSecond),
    p50: atShare(0.5),
    p99: atShare(0.99),
    processorMsPerStep: isKnown ? middle(({ processor }) => processor!, 2) : null,
    p50To: Object.fromEntries(
      STEPS.map(({ status }, index) => [
        status,
        middle(({ latencies }) => median(latencies[index]!), 1),
      ]),
    ),
  };
}
