import { setTimeout as delay } from 'node:timers/promises';
import { Hub } from '../demo/replay/hub.js';
import { Board } from './board.js';
import { median, quantile, rounded } from './figures.js';
import {
  CapacityChangedDocument,
  type CapacityChangedSubscription,
} from './generated/operations.js';
import { say, type Figures } from './output.js';
import { processorSeconds } from './processor-time.js';
import type { RunningHub } from '../tests/running-hub.js';
import { sized } from './shortened.js';
import { subscribe, type MessageListener, type Subscriber } from './subscriber.js';

const SUBSCRIBERS = sized(100, 10);
const REPORTS_PER_SECOND = sized(50, 10);
const REPORTS_PER_ROUND = sized(500, 20);
const ROUNDS = sized(5, 1);

type Send = (source: string) => Promise<void>;

/**
 * Reports at a fixed rate, whether the hub keeps up or not, each by a request of its own. Measures from the moment before the
 * request until the message reaches a subscriber, for every report and every subscriber, each with a connection of its own.
 */
export async function live(running: RunningHub): Promise<Figures> {
  const hub = new Hub(running.url, running.token);
  const board = new Board();
  const subscribers: Subscriber[] = [];
  try {
    const send = await reporter(hub);
    const token = await running.token();
    for (let number = 0; number < SUBSCRIBERS; number++) {
      const listener: MessageListener<CapacityChangedSubscription> = {
        // The source of its report identifies a message.
        received: ({ capacityChanged }) => {
          const source = capacityChanged?.facility?.beds?.[0]?.provenance?.source;
          if (source) board.arrived(source, number);
        },
        failed: (error) => board.fail(error),
      };
      subscribers.push(subscribe(running.url, token, CapacityChangedDocument, {}, listener));
    }
    say('Warming up until every subscriber receives messages, then for one round.');
    while (board.receiving.size < SUBSCRIBERS) {
      board.check();
      await send('warm-up');
    }
    await measure(send, board, 'warm-up round');

    const processes = [running.pid, running.postmaster];
    const before = { processor: processorSeconds(processes), at: performance.now() };
    const rounds: number[][] = [];
    for (let number = 1; number <= ROUNDS; number++) {
      const latencies = await measure(send, board, `round ${number}`);
      rounds.push(latencies);
      const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)].map((ms) =>
        rounded(ms, 1),
      );
      say(`Round ${number} of ${ROUNDS}: p50 ${p50} ms, p99 ${p99} ms.`);
    }
    const seconds = (performance.now() - before.at) / 1000;
    const processor = processorSeconds(processes);
    const p99s = rounds.map((latencies) => quantile(latencies, 0.99));
    return {
      p50: rounded(median(rounds.map((latencies) => quantile(latencies, 0.5))), 1),
      p99: rounded(median(p99s), 1),
      worstRoundP99: rounded(Math.max(...p99s), 1),
      // Share of one processor; other programs on the machine delay messages, but do not change this.
      hubProcessorShare:
        processor === undefined ? null : rounded((processor - before.processor!) / seconds, 2),
      subscribers: SUBSCRIBERS,
      reportsPerSecond: REPORTS_PER_SECOND,
      messages: rounds.flat().length,
      rounds: ROUNDS,
    };
  } finally {
    await Promise.all([hub.close(), ...subscribers.map((subscriber) => subscriber.close())]);
  }
}

/** Returns the latencies in milliseconds of all messages of one round. */
function measure(send: Send, board: Board, name: string): Promise<number[]> {
  const latencies = board.expect(SUBSCRIBERS * REPORTS_PER_ROUND);
  const reporting = reportAtRate(send, board, name).catch((error: unknown) => board.fail(error));
  return Promise.all([board.orLost(latencies), reporting]).then(([measured]) => measured);
}

async function reportAtRate(send: Send, board: Board, name: string): Promise<void> {
  const start = performance.now();
  for (let report = 0; report < REPORTS_PER_ROUND; report++) {
    const wait = start + (report * 1000) / REPORTS_PER_SECOND - performance.now();
    if (wait > 0) await delay(wait);
    board.check();
    const source = `${name}, report ${report}`;
    board.sent(source);
    send(source).catch((error: unknown) => board.fail(error));
  }
}

/** Returns a function that sends reports of one facility after the other, so that every report is a change with its own message. */
async function reporter(hub: Hub): Promise<Send> {
  const facilities = await hub.facilities();
  let next = 0;
  return async (source) => {
    const [refusal] = await hub.report([
      {
        facility: facilities[next++ % facilities.length]!.id,
        category: 'ICU_UNSPECIFIED',
        operable: 20,
        occupied: 15,
        blocked: 0,
        status: 'AVAILABLE',
        limitations: [],
        source,
        method: 'REPORTED',
        observedAt: new Date().toISOString(),
      },
    ]);
    if (refusal) throw new Error(`The hub refused a report: ${refusal}`);
  };
}
