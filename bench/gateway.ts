import { isDeepStrictEqual } from 'node:util';
import { SubgraphConnections } from '../gateway/subgraph-http/subgraph-connections.js';
import { SHAPES, type Shape } from './canned/operations.js';
import { USUAL_BATCH_SIZE } from '../shared/env.js';
import type { Contender, Start } from './contenders/contender.js';
import { hive, hiveRouter, mercurius, ours, stock, tokens } from './contenders/contenders.js';
import { prepareGround, startSubgraphs } from './contenders/ground.js';
import { stopped } from './contenders/processes.js';
import { median, rounded } from './figures.js';
import { Latencies } from './latencies.js';
import { say, type Figures } from './output.js';
import { processorSeconds } from './processor-time.js';
import { benchSeconds, isChosen, sized } from './shortened.js';

/** For each gateway and shape, all rounds together. */
const SECONDS = sized(10, 1);
const ROUNDS = sized(5, 1);
const CALLERS = 100;
/** Enough that no subject has more operations under way than a caller may; those of one caller have equal claims. */
const SUBJECTS = Math.max(...SHAPES.map(({ connections }) => connections));
const REQUEST_TIMEOUT_MS = 30_000;

/** The measured gateways, in this order; those of one start are one process. */
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

interface GatewayFigures {
  cpuMicros: number | null;
  /** How many times as much as ours for one caller, each round against the same round of ours. */
  timesOurs: number | null;
  rps: number;
  p50: number | null;
  p99: number | null;
}

/** One gateway under load from one or from many callers. */
interface Column {
  name: string;
  contender: Contender;
  tokens: string[];
}

/**
 * Processor time of each gateway for each request, the same canned subgraphs behind all. They run alternately, so that whatever
 * else the machine does in the meantime is not one gateway's alone.
 */
export async function gateway(): Promise<Figures> {
  const ground = await prepareGround();
  const shapes: Record<string, Record<string, GatewayFigures>> = {};
  const subgraphs = await startSubgraphs(ground);
  const columns: Column[] = [];
  try {
    for (const { start, runs } of CONTENDERS) {
      const chosen = Object.entries(runs).filter(([name]) => isChosen('BENCH_ONLY', name));
      const contender = chosen.length > 0 && (await start(ground));
      if (!contender) continue;
      for (const [name, { callers }] of chosen) {
        columns.push({ name, contender, tokens: await tokens(ground, callers, SUBJECTS) });
      }
    }
    for (const shape of SHAPES.filter(({ name }) => isChosen('BENCH_CASES', name))) {
      shapes[shape.name] = await measure(shape, columns);
    }
  } finally {
    for (const { process } of new Set(columns.map(({ contender }) => contender))) {
      await stopped(process);
    }
    await subgraphs.stop();
  }
  return { shapes, ...settings() };
}

/** A column in one shape, with what its rounds gave. */
interface Course extends Column {
  client: SubgraphConnections;
  latencies: Latencies;
  cpuMicros: number[];
  rps: number[];
}

async function measure(
  shape: Shape,
  columns: readonly Column[],
): Promise<Record<string, GatewayFigures>> {
  const seconds = benchSeconds(SECONDS);
  const courses = columns.map((column) => {
    const client = new SubgraphConnections(column.contender.endpoint);
    return { ...column, client, latencies: new Latencies(), cpuMicros: [], rps: [] };
  });
  await compareResponses(shape, courses);
  for (const { client, tokens } of courses) await load(client, shape, tokens, seconds / 2);
  for (let round = 0; round < ROUNDS; round++) {
    for (const course of courses) await oneRound(shape, course, seconds / ROUNDS);
  }
  for (const { client } of courses) await client.close();
  const ours = courses.find(({ name }) => name === 'ours');
  return Object.fromEntries(courses.map((course) => [course.name, figuresOf(shape, course, ours)]));
}

async function oneRound(shape: Shape, course: Course, seconds: number): Promise<void> {
  const { client, tokens, contender, latencies } = course;
  const roots = [contender.process.pid!];
  const counted = latencies.count;
  const before = processorSeconds(roots);
  const duration = await load(client, shape, tokens, seconds, latencies);
  const after = processorSeconds(roots);
  const requests = latencies.count - counted;
  course.rps.push(requests / duration);
  if (before !== undefined && after !== undefined) {
    course.cpuMicros.push(((after - before) / requests) * 1e6);
  }
}

function figuresOf(
  shape: Shape,
  { name, latencies, cpuMicros, rps }: Course,
  ours: Course | undefined,
): GatewayFigures {
  const times = ours ? cpuMicros.map((micros, round) => micros / ours.cpuMicros[round]!) : [];
  const figures = {
    cpuMicros: cpuMicros.length > 0 ? Math.round(median(cpuMicros)) : null,
    timesOurs: times.length > 0 ? rounded(median(times), 2) : null,
    rps: Math.round(median(rps)),
    p50: latencies.quantile(0.5) ?? null,
    p99: latencies.quantile(0.99) ?? null,
  };
  const each = cpuMicros.map(Math.round).join(', ');
  say(
    `${shape.name}, ${name}: ${figures.cpuMicros} µs of processor time a request (${each}), ${figures.timesOurs ?? '?'} times ours, ${figures.rps} requests a second, p50 ${figures.p50} ms, p99 ${figures.p99} ms.`,
  );
  return figures;
}

async function compareResponses(shape: Shape, courses: readonly Course[]): Promise<void> {
  let expected: unknown;
  for (const { name, client, tokens } of courses) {
    const { status, text } = await client.post(post(shape.body(0), tokens[0]!));
    const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
    if (status !== 200 || errors) throw new Error(`${name} responds to ${shape.name} with ${text}`);
    expected ??= data;
    if (!isDeepStrictEqual(data, expected)) {
      throw new Error(`${name} responds to ${shape.name} otherwise than the first gateway`);
    }
  }
}

/** Runs as many callers at once as there are connections, each sending again once it has its response. Returns seconds. */
async function load(
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
  // Between its rounds a gateway may close connections that nobody uses.
  mayRetry: true,
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
        'ours: equal operations, and equal requests to a subgraph, of equal claims while they are under way',
    },
  };
}
