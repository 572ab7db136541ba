import { isDeepStrictEqual } from 'node:util';
import { SubgraphConnections } from '../gateway/federation/subgraph-connections.js';
import { SHAPES, type Shape } from './canned/operations.js';
import { USUAL_BATCH_SIZE } from '../shared/env.js';
import type { Contender, Start } from './contenders/contender.js';
import { hive, hiveRouter, mercurius, ours, stock, tokens } from './contenders/contenders.js';
import { prepareGround, startSubgraphs } from './contenders/ground.js';
import { stopped } from './contenders/processes.js';
import { Latencies } from './latencies.js';
import { say, type Figures } from './output.js';
import { install } from './peers/installed.js';
import { processorSeconds } from './processor-time.js';
import { benchSeconds, isChosen } from './shortened.js';

const USUAL_SECONDS = 10;
const CALLERS = 100;
const REQUEST_TIMEOUT_MS = 30_000;

/** Who is measured, in this order; those of one start are one process. */
const CONTENDERS: { start: Start; runs: Record<string, { callers: number }> }[] = [
  { start: stock, runs: { stock: { callers: 1 } } },
  { start: hive, runs: { hive: { callers: 1 } } },
  { start: hiveRouter, runs: { hiveRouter: { callers: 1 } } },
  { start: mercurius, runs: { mercurius: { callers: 1 } } },
  {
    start: ours(),
    runs: { ours: { callers: 1 }, oursHundredCallers: { callers: CALLERS } },
  },
  {
    start: ours({ batchSize: 1 }),
    runs: { oursUnbatched: { callers: 1 }, oursUnbatchedHundredCallers: { callers: CALLERS } },
  },
];

interface Measured {
  cpuMicros: number | null;
  rps: number;
  p50: number | null;
  p99: number | null;
}

type Answers = Map<Shape['name'], unknown>;

/**
 * Processor time of the gateway for each request, the same canned subgraphs behind all, one gateway at a time. Each
 * answer must be that of the first gateway before anything is measured.
 */
export async function gateway(): Promise<Figures> {
  for (const peer of ['stock', 'hive', 'mercurius'] as const) await install(peer);
  const ground = await prepareGround();
  const shapes: Record<string, Record<string, Measured>> = {};
  const expected: Answers = new Map();
  const subgraphs = await startSubgraphs(ground);
  try {
    for (const { start, runs } of CONTENDERS) {
      const chosen = Object.entries(runs).filter(([name]) => isChosen('BENCH_ONLY', name));
      if (chosen.length === 0) continue;
      const contender = await start(ground);
      for (const [name, { callers }] of chosen) {
        const asked = { contender, tokens: await tokens(ground, callers), expected };
        for (const [shape, figures] of await measureShapes(name, asked)) {
          (shapes[shape] ??= {})[name] = figures;
        }
      }
      await stopped(contender.process);
    }
  } finally {
    await subgraphs.stop();
  }
  return { shapes, ...settings() };
}

interface Asked {
  contender: Contender;
  tokens: string[];
  expected: Answers;
}

async function measureShapes(name: string, asked: Asked): Promise<[string, Measured][]> {
  const measured: [string, Measured][] = [];
  for (const shape of SHAPES.filter(({ name: one }) => isChosen('BENCH_CASES', one))) {
    const client = new SubgraphConnections(asked.contender.endpoint);
    await compare(name, shape, client, asked);
    const seconds = benchSeconds(USUAL_SECONDS);
    await ask(client, shape, asked.tokens, seconds / 2);
    const roots = [asked.contender.process.pid!];
    const before = processorSeconds(roots);
    const latencies = new Latencies();
    const took = await ask(client, shape, asked.tokens, seconds, latencies);
    const after = processorSeconds(roots);
    await client.close();
    const cpu = before === undefined || after === undefined ? null : after - before;
    const figures = {
      cpuMicros: cpu === null ? null : Math.round((cpu / latencies.count) * 1e6),
      rps: Math.round(latencies.count / took),
      p50: latencies.quantile(0.5) ?? null,
      p99: latencies.quantile(0.99) ?? null,
    };
    say(
      `${shape.name}, ${name}: ${figures.cpuMicros} µs of processor time a request, ${figures.rps} requests a second, p50 ${figures.p50} ms, p99 ${figures.p99} ms.`,
    );
    measured.push([shape.name, figures]);
  }
  return measured;
}

async function compare(
  name: string,
  shape: Shape,
  client: SubgraphConnections,
  { tokens: [token], expected }: Asked,
): Promise<void> {
  const { status, text } = await client.post(post(shape.body(0), token!));
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
  if (status !== 200 || errors) throw new Error(`${name} answers ${shape.name} with ${text}`);
  const known = expected.get(shape.name);
  if (known === undefined) expected.set(shape.name, data);
  else if (!isDeepStrictEqual(data, known)) {
    throw new Error(`${name} answers ${shape.name} otherwise than the first gateway`);
  }
}

/** As many callers at once as there are connections, each asking again as soon as it has its answer. Returns seconds. */
async function ask(
  client: SubgraphConnections,
  shape: Shape,
  callers: string[],
  seconds: number,
  latencies?: Latencies,
): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let number = 0;
  const caller = async () => {
    for (let at = performance.now(); at < end;) {
      const index = number++;
      const body = shape.body(index);
      const { status, text } = await client.post(post(body, callers[index % callers.length]!));
      if (status !== 200 || !text.startsWith('{"data":')) {
        throw new Error(`${body} was answered with status ${status}: ${text.slice(0, 500)}`);
      }
      const now = performance.now();
      latencies?.record(now - at);
      at = now;
    }
  };
  await Promise.all(Array.from({ length: shape.connections }, caller));
  return (performance.now() - start) / 1000;
}

const post = (body: string, token: string) => ({
  body,
  token,
  timeoutMs: REQUEST_TIMEOUT_MS,
  mayRepeat: false,
});

function settings(): Figures {
  return {
    settings: {
      connections: Object.fromEntries(SHAPES.map(({ name, connections }) => [name, connections])),
      callers: { oursHundredCallers: CALLERS, oursUnbatchedHundredCallers: CALLERS },
      batchSize: {
        ours: USUAL_BATCH_SIZE,
        oursHundredCallers: USUAL_BATCH_SIZE,
        oursUnbatched: 1,
        oursUnbatchedHundredCallers: 1,
      },
      deduplication:
        'ours: equal operations, and equal questions to a subgraph, of equal claims while they are under way',
    },
  };
}
