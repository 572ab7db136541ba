import { setTimeout as delay } from 'node:timers/promises';
import { Board } from './board.js';
import { median, quantile, rounded } from './figures.js';
import {
  TransferChangedDocument,
  type TransferChangedSubscription,
} from './generated/operations.js';
import { STEPS, type Journey, type Journeys } from './journeys.js';
import { say, type Figures } from './output.js';
import { sized } from './shortened.js';
import type { RunningHub } from '../tests/running-hub.js';
import { subscribe } from './subscriber.js';

const STEPS_PER_SECOND = sized(50, 10);
const STEPS_PER_ROUND = sized(500, 40);
const ROUNDS = sized(3, 1);

/** The patient and the status of the transfer identify a message. */
const nameOf = (patient: string, status: string) => `${patient} ${status}`;

/**
 * Advances transfers at a fixed rate, whether the hub keeps up or not, each by a request of its own. Measures from the moment
 * before the request until the message reaches the control room's subscriber.
 */
export async function liveTransfers(running: RunningHub, journeys: Journeys): Promise<Figures> {
  const board = new Board();
  const awaited = new Map<string, () => void>();
  const received = ({ transferChanged }: TransferChangedSubscription) => {
    if (transferChanged?.caughtUp) return;
    const transfer = transferChanged?.transfer;
    if (!transfer?.patient) {
      board.fail(new Error('A message without a patient.'));
      return;
    }
    const name = nameOf(transfer.patient.id, transfer.status);
    if (!transfer.to?.beds?.length) board.fail(new Error('A message without beds.'));
    // Several messages may show one step; the first one counts.
    if (!awaited.has(name)) return;
    board.arrived(name, 0);
    awaited.get(name)!();
    awaited.delete(name);
  };
  const token = await journeys.token();
  const failed = (error: Error) => board.fail(error);
  const subscriber = subscribe(
    running.url,
    token,
    TransferChangedDocument,
    {},
    { received, failed },
  );
  const ready: Journey[] = [];
  const advance = async (journey: Journey) => {
    const name = nameOf(journey.patient, STEPS[journey.steps]!.status);
    const delivered = new Promise<void>((resolve) => awaited.set(name, resolve));
    board.sent(name);
    // The next step waits for the message too, or a message could show it instead.
    await Promise.all([journeys.advance(journey), delivered]);
    if (journey.steps < STEPS.length) ready.push(journey);
  };
  const measure = async () => {
    const latencies = board.orLost(board.expect(STEPS_PER_ROUND));
    const sending = stepAtRate(board, () => advance(ready.shift() ?? journeys.begin())).catch(
      failed,
    );
    return (await Promise.all([latencies, sending]))[0];
  };
  try {
    say('Live: warming up for one round.');
    await firstMessage(journeys, awaited, board);
    await measure();
    const rounds: number[][] = [];
    for (let number = 1; number <= ROUNDS; number++) {
      const latencies = await measure();
      rounds.push(latencies);
      const [p50, p99] = [0.5, 0.99].map((share) => rounded(quantile(latencies, share), 1));
      say(`Live round ${number} of ${ROUNDS}: p50 ${p50} ms, p99 ${p99} ms.`);
    }
    const p99s = rounds.map((latencies) => quantile(latencies, 0.99));
    return {
      p50: rounded(median(rounds.map((latencies) => quantile(latencies, 0.5))), 1),
      p99: rounded(median(p99s), 1),
      worstRoundP99: rounded(Math.max(...p99s), 1),
      stepsPerSecond: STEPS_PER_SECOND,
      messages: rounds.flat().length,
      rounds: ROUNDS,
    };
  } finally {
    await subscriber.close();
  }
}

/** Begins journeys until the subscriber receives a message: only that shows that it is subscribed. */
async function firstMessage(
  journeys: Journeys,
  awaited: Map<string, () => void>,
  board: Board,
): Promise<void> {
  let isDelivered = false;
  while (!isDelivered) {
    board.check();
    const journey = journeys.begin();
    awaited.set(nameOf(journey.patient, STEPS[0]!.status), () => (isDelivered = true));
    await journeys.advance(journey);
  }
}

async function stepAtRate(board: Board, advance: () => Promise<void>): Promise<void> {
  const start = performance.now();
  for (let number = 0; number < STEPS_PER_ROUND; number++) {
    const wait = start + (number * 1000) / STEPS_PER_SECOND - performance.now();
    if (wait > 0) await delay(wait);
    board.check();
    advance().catch((error: unknown) => board.fail(error));
  }
}
