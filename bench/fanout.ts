import { MINUTE_MS } from '../shared/time/rules.js';
import { WATCH } from './canned/operations.js';
import type { Ground, Start } from './contenders/contender.js';
import { hive, hiveRouter, mercurius, ours, tokens } from './contenders/contenders.js';
import { obeying, prepareGround, startSubgraphs, type Subgraphs } from './contenders/ground.js';
import { stopped } from './contenders/processes.js';
import { rounded } from './figures.js';
import { say, type Figures } from './output.js';
import { processorSeconds } from './processor-time.js';
import { benchSeconds, isChosen, sized } from './shortened.js';
import { freePort } from '../start/host/free-port.js';
import { LoadClients } from './watching/load-clients.js';

/** How long events come; what has not arrived LONGEST_MS after the first never counts. */
const SECONDS = sized(10, 1);
const LONGEST_MS = MINUTE_MS;
/**
 * Probes that all subscribers receive before anything counts: by then they listen, and the code is warm. A gateway that is too
 * slow for that within LONGEST_MS is measured as it is, if all received one.
 */
const PROBES = 3;
const PROBE_REPEATED_MS = 5_000;

interface Case {
  subscribers: number;
  /** Events a second. */
  rate: number;
}

const CASES: readonly Case[] = sized([1_000, 5_000], [100]).flatMap((subscribers) =>
  sized([1, 10, 100], [10]).map((rate) => ({ subscribers, rate })),
);

/** Where messages come from, who is measured, and how both end. */
interface Stage {
  endpoint: string;
  pid: number;
  source: Subgraphs;
  end(): Promise<void>;
}

interface DeliveryFigures {
  /** Of the gateway's processor time, for each message that arrived. */
  cpuMicros: number | null;
  p50: number | null;
  p99: number | null;
  delivered: number;
  undelivered: number;
  broke?: string;
}

const behindSubgraphs =
  (start: Start) =>
  async (ground: Ground): Promise<Stage> => {
    const source = await startSubgraphs(ground);
    const { endpoint, process } = await start(ground);
    const end = async () => {
      await stopped(process);
      await source.stop();
    };
    return { endpoint, pid: process.pid!, source, end };
  };

const CONTENDERS: Record<string, (ground: Ground) => Promise<Stage>> = {
  ours: behindSubgraphs(ours()),
  hive: behindSubgraphs(hive),
  hiveRouter: behindSubgraphs(hiveRouter),
  mercurius: behindSubgraphs(mercurius),
  async ceiling() {
    const port = await freePort();
    const source = await obeying(new URL('./contenders/ceiling.js', import.meta.url), { port });
    const endpoint = `http://127.0.0.1:${port}/graphql`;
    return { endpoint, pid: source.pid, source, end: () => source.stop() };
  },
};

/** Events to subscribers of one subscription, each with a connection of its own; every event needs three entity fetches. */
export async function fanout(): Promise<Figures> {
  const seconds = benchSeconds(SECONDS);
  const ground = await prepareGround();
  const cases: Figures[] = [];
  for (const { subscribers, rate } of CASES.filter(isChosenCase)) {
    const measured: Record<string, DeliveryFigures> = {};
    for (const [name, stage] of Object.entries(CONTENDERS)) {
      if (!isChosen('BENCH_ONLY', name)) continue;
      const figures = await measure(ground, await stage(ground), { subscribers, rate, seconds });
      measured[name] = figures;
      say(`${subscribers} subscribers, ${rate} events a second, ${name}: ${summaryOf(figures)}.`);
    }
    cases.push({ subscribers, rate, events: eventsOf({ rate, seconds }), ...measured });
  }
  return { cases };
}

async function measure(
  ground: Ground,
  { endpoint, pid, source, end }: Stage,
  { subscribers, rate, seconds }: Case & { seconds: number },
): Promise<DeliveryFigures> {
  const count = eventsOf({ rate, seconds });
  const expected = subscribers * count;
  let clients: LoadClients | undefined;
  let broke: string | undefined;
  let cpu: number | undefined;
  try {
    const [token] = await tokens(ground, 1);
    const gathered = await LoadClients.gather(
      { endpoint, token: token!, query: WATCH },
      subscribers,
    );
    clients = gathered;
    await warmUp(gathered, source);
    const before = processorSeconds([pid]);
    source.order({ rate, count });
    await gathered.until(LONGEST_MS, () => gathered.delivered >= expected);
    const after = processorSeconds([pid]);
    if (before !== undefined && after !== undefined) cpu = after - before;
  } catch (error) {
    broke = (error as Error).message;
  }
  const delivered = clients?.delivered ?? 0;
  const figures = {
    cpuMicros: cpu === undefined || !delivered ? null : rounded((cpu / delivered) * 1e6, 1),
    p50: clients?.latencies.quantile(0.5) ?? null,
    p99: clients?.latencies.quantile(0.99) ?? null,
    delivered,
    undelivered: expected - delivered,
    ...(broke === undefined ? {} : { broke }),
  };
  clients?.close();
  await end();
  return figures;
}

const isChosenCase = ({ subscribers, rate }: Case): boolean =>
  isChosen('BENCH_CASES', `${subscribers}x${rate}`);

const eventsOf = ({ rate, seconds }: { rate: number; seconds: number }): number =>
  Math.max(1, Math.round(rate * seconds));

async function warmUp(clients: LoadClients, source: Subgraphs): Promise<void> {
  const giveUpAt = performance.now() + LONGEST_MS;
  for (let probe = 1; clients.deliveredToAll < PROBES && performance.now() < giveUpAt; probe++) {
    source.order({ probe });
    await clients.until(PROBE_REPEATED_MS, () => clients.isDelivered(probe));
  }
  if (clients.deliveredToAll === 0)
    throw new Error(`No probe reached all within ${LONGEST_MS} ms.`);
}

function summaryOf({
  cpuMicros,
  p50,
  p99,
  delivered,
  undelivered,
  broke,
}: DeliveryFigures): string {
  if (broke !== undefined) return `broke (${broke})`;
  const missing = undelivered > 0 ? `, ${undelivered} undelivered` : '';
  return `${cpuMicros} µs of processor time a message, p50 ${p50} ms, p99 ${p99} ms, ${delivered} delivered${missing}`;
}
