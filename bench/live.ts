import { setTimeout as delay } from 'node:timers/promises';
import { Hub } from '../demo/replay/hub.js';
import { Board } from './board.js';
import { median, quantile, rounded } from './figures.js';
import { say, type Figures } from './output.js';
import { processorSeconds } from './processor-time.js';
import type { RunningHub } from '../tests/running-hub.js';
import { sized } from './shortened.js';
import { subscribe, type Subscriber } from './subscriber.js';

const SUBSCRIBERS = sized(100, 10);
const REPORTS_PER_SECOND = sized(50, 10);
const REPORTS_PER_ROUND = sized(500, 20);
const ROUNDS = sized(5, 1);

const CHANGES = /* GraphQL */ `
  subscription BenchChanges {
    capacityChanged(category: ICU_UNSPECIFIED) {
      cursor
      at
      facility {
        id
        name
        beds(category: ICU_UNSPECIFIED) {
          operable
          occupied
          free
          status
          provenance {
            source
            observedAt
          }
        }
      }
    }
  }
`;

interface Change {
  capacityChanged: { facility: { beds: { provenance: { source: string } | null }[] } };
}

type Send = (source: string) => Promise<void>;

/**
 * Reports at a fixed rate, whether the hub keeps up or not, each by a call of its own; measured from the moment before
 * the call until the message reaches a subscriber, for every report and every subscriber, connections of their own.
 */
export async function live(running: RunningHub): Promise<Figures> {
  const hub = new Hub(running.url, running.token);
  const board = new Board();
  const subscribers: Subscriber[] = [];
  try {
    const send = await reporter(hub);
    const token = await running.token();
    for (let number = 0; number < SUBSCRIBERS; number++) {
      // A message is known by the source of the report behind it.
      const heard = ({ capacityChanged: { facility } }: Change) =>
        board.arrived(facility.beds[0]?.provenance?.source ?? '', number);
      const broke = (error: Error) => board.broke(error);
      subscribers.push(subscribe(running.url, token, CHANGES, { heard, broke }));
    }
    say('Warming up until every subscriber hears, then for one round.');
    while (board.heard.size < SUBSCRIBERS) {
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
      // Of one processor; what else the machine does makes messages late, but not this.
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

/** Latencies in milliseconds of all messages of one round. */
function measure(send: Send, board: Board, name: string): Promise<number[]> {
  const latencies = board.expect(SUBSCRIBERS * REPORTS_PER_ROUND);
  const reporting = reportAtRate(send, board, name).catch((error: unknown) => board.broke(error));
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
    send(source).catch((error: unknown) => board.broke(error));
  }
}

/** Sends reports of one facility after the other, so that every report is a change and a message of its own. */
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
