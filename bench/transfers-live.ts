import { setTimeout as delay } from 'node:timers/promises';
import { Board } from './board.js';
import { median, quantile, rounded } from './figures.js';
import { STEPS, type Journey, type Journeys } from './journeys.js';
import { say, type Figures } from './output.js';
import { sized } from './shortened.js';
import type { RunningHub } from '../tests/running-hub.js';
import { subscribe } from './subscriber.js';

const STEPS_PER_SECOND = sized(50, 10);
const STEPS_PER_ROUND = sized(500, 40);
const ROUNDS = sized(3, 1);

/** One subscription, two subgraphs: the destination's beds are capacity's. */
const CHANGES = /* GraphQL */ `
  subscription BenchTransfers {
    transferChanged {
      cursor
      at
      transfer {
        status
        to {
          beds {
            free
          }
        }
        patient {
          id
          category
        }
      }
    }
  }
`;

interface Change {
  transferChanged: {
    transfer: {
      status: string;
      to: { beds: { free: number | null }[] };
      patient: { id: string; category: string };
    };
  };
}

/** What a message is known by: whose transfer it is about, and where that stands. */
const nameOf = (patient: string, status: string) => `${patient} ${status}`;

/**
 * Steps at a fixed rate, whether the hub keeps up or not, each by a call of its own; measured from the moment before the
 * call until the message reaches the control room's subscriber.
 */
export async function liveTransfers(running: RunningHub, journeys: Journeys): Promise<Figures> {
  const board = new Board();
  const awaited = new Map<string, () => void>();
  const heard = ({ transferChanged: { transfer } }: Change) => {
    const name = nameOf(transfer.patient.id, transfer.status);
    if (transfer.to.beds.length === 0) board.broke(new Error('A message without beds.'));
    // A step may be told of more than once; the first message counts.
    if (!awaited.has(name)) return;
    board.arrived(name, 0);
    awaited.get(name)!();
    awaited.delete(name);
  };
  const token = await journeys.token();
  const broke = (error: Error) => board.broke(error);
  const subscriber = subscribe<Change>(running.url, token, CHANGES, { heard, broke });
  const ready: Journey[] = [];
  const take = async (journey: Journey) => {
    const name = nameOf(journey.patient, STEPS[journey.taken]!.status);
    const told = new Promise<void>((resolve) => awaited.set(name, resolve));
    board.sent(name);
    // The next step waits for the message too, or a message could show it instead.
    await Promise.all([journeys.advance(journey), told]);
    if (journey.taken < STEPS.length) ready.push(journey);
  };
  const measure = async () => {
    const latencies = board.orLost(board.expect(STEPS_PER_ROUND));
    const sending = stepAtRate(board, () => take(ready.shift() ?? journeys.begin())).catch(broke);
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

/** Sends patients off until the subscriber hears of one: before that nobody knows that it listens. */
async function firstMessage(
  journeys: Journeys,
  awaited: Map<string, () => void>,
  board: Board,
): Promise<void> {
  let isHeard = false;
  while (!isHeard) {
    board.check();
    const journey = journeys.begin();
    awaited.set(nameOf(journey.patient, STEPS[0]!.status), () => (isHeard = true));
    await journeys.advance(journey);
  }
}

async function stepAtRate(board: Board, take: () => Promise<void>): Promise<void> {
  const start = performance.now();
  for (let number = 0; number < STEPS_PER_ROUND; number++) {
    const wait = start + (number * 1000) / STEPS_PER_SECOND - performance.now();
    if (wait > 0) await delay(wait);
    board.check();
    take().catch((error: unknown) => board.broke(error));
  }
}
