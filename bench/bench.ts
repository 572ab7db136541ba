import { casualties } from './casualties.js';
import { fanout } from './fanout.js';
import { gateway } from './gateway.js';
import { hostile } from './hostile.js';
import { ingest } from './ingest.js';
import { layers } from './layers.js';
import { live } from './live.js';
import { say, type Figures } from './output.js';
import { reserve } from './reserve.js';
import { isShort } from './shortened.js';
import { steering } from './steering.js';
import { supply } from './supply.js';
import { transfers } from './transfers.js';
import { collector, type CollectedSpan } from '../shared/telemetry/testing/collector.js';
import { startHub, type RunningHub } from '../tests/running-hub.js';

type BenchOfHub = (hub: RunningHub, spans: readonly CollectedSpan[]) => Promise<Figures>;

/** The benches that measure a hub, in an order in which all of them can measure the same one. */
const OF_A_HUB: Record<string, BenchOfHub> = {
  casualties,
  hostile,
  ingest,
  layers,
  live,
  reserve,
  steering,
  supply,
  transfers,
};

/** The benches that start what they measure. */
const OF_GATEWAYS: Record<string, () => Promise<Figures>> = { fanout, gateway };

/** One caller spends more in these than their budget allows, and would wait. */
const SETTINGS: Record<string, Record<string, string>> = {
  steering: { RATE_LIMIT_COST_PER_MINUTE: '1000000000' },
  supply: { RATE_LIMIT_COST_PER_MINUTE: '1000000000' },
};

const NAMES = [...Object.keys(OF_A_HUB), ...Object.keys(OF_GATEWAYS)].sort();
const USAGE = `Usage: npm run -s bench -- ${NAMES.join('|')} [--short]
       npm run -s bench -- --short    all of them in small, the benches of a hub on one hub\n`;

/** Runs one bench, or all in small, and prints what each measured. Returns the exit status. */
export async function main(words: readonly string[]): Promise<number> {
  try {
    return await run(words);
  } catch (error) {
    explain(error, 'The hub that is to be measured did not start or did not stop');
    return 1;
  }
}

async function run(words: readonly string[]): Promise<number> {
  const names = words.filter((word) => word !== '--short');
  const [name] = names;
  if (names.length === 1 && Object.hasOwn(OF_A_HUB, name!)) return onOneHub([name!]);
  if (names.length === 1 && Object.hasOwn(OF_GATEWAYS, name!)) {
    return (await isPrinted(name!, OF_GATEWAYS[name!]!)) ? 0 : 1;
  }
  if (names.length > 0 || !isShort) {
    process.stderr.write(USAGE);
    return 1;
  }
  let status = await onOneHub(Object.keys(OF_A_HUB));
  for (const [other, bench] of Object.entries(OF_GATEWAYS)) {
    if (!(await isPrinted(other, bench))) status = 1;
  }
  return status;
}

/**
 * Runs benches one after the other against a hub that is started as `npm start` does, in an empty data folder, and has the data of
 * its first day. Returns the exit status.
 */
async function onOneHub(names: readonly string[]): Promise<number> {
  const traced = names.includes('layers') ? await collector() : undefined;
  const settings = names.map((name) => SETTINGS[name]);
  const hub = await startHub(
    Object.assign({}, ...settings, traced && settingsOfTracing(traced.url)) as Record<
      string,
      string
    >,
    { firstDay: true },
  );
  const onSignal = () => void hub.stop().then(() => process.exit(1));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  let status = 0;
  try {
    for (const name of names) {
      if (!(await isPrinted(name, () => OF_A_HUB[name]!(hub, traced?.spans ?? [])))) status = 1;
    }
    return status;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await hub.stop();
    await traced?.close();
  }
}

const settingsOfTracing = (url: string) => ({
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url,
  OTEL_BSP_SCHEDULE_DELAY: '100',
});

/** Prints the figures of a bench as one line of JSON, or says why there are none. */
async function isPrinted(name: string, bench: () => Promise<Figures>): Promise<boolean> {
  try {
    const figures = await bench();
    process.stdout.write(`${JSON.stringify({ bench: name, ...figures })}\n`);
    return true;
  } catch (error) {
    explain(error, `The bench "${name}" failed and printed no figures`);
    return false;
  }
}

/** Writes where an error arose, and as the last line a sentence that says what failed and why. */
function explain(error: unknown, what: string): void {
  const { stack, message } = error instanceof Error ? error : new Error(String(error));
  if (stack) say(stack);
  say(`${what}: ${message}`);
}
