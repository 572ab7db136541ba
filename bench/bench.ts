import { casualties } from './casualties.js';
import { fanout } from './fanout.js';
import { gateway } from './gateway.js';
import { hostile } from './hostile.js';
import { ingest } from './ingest.js';
import { layers } from './layers.js';
import { live } from './live.js';
import type { Figures } from './output.js';
import { reserve } from './reserve.js';
import { steering } from './steering.js';
import { transfers } from './transfers.js';
import { startHub, type RunningHub } from '../tests/running-hub.js';

const OF_A_HUB: Record<string, (hub: RunningHub) => Promise<Figures>> = {
  casualties,
  hostile,
  ingest,
  layers,
  live,
  reserve,
  steering,
  transfers,
};

/** One control room asks for more here than it may in its minutes, and would wait. */
const SETTINGS: Record<string, Record<string, string>> = {
  steering: { RATE_LIMIT_COST_PER_MINUTE: '1000000000' },
};

/** Those that start what they measure. */
const OF_GATEWAYS: Record<string, () => Promise<Figures>> = { fanout, gateway };

const BENCHES: Record<string, () => Promise<Figures>> = {
  ...Object.fromEntries(
    Object.entries(OF_A_HUB).map(([name, bench]) => [name, () => withHub(bench, SETTINGS[name])]),
  ),
  ...OF_GATEWAYS,
};

/** Runs one bench and prints what it found. Returns the exit status. */
export async function main([name = '', ...rest]: string[]): Promise<number> {
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (!bench || rest.length > 0) {
    process.stderr.write(`Usage: npm run -s bench -- ${Object.keys(BENCHES).sort().join('|')}\n`);
    return 1;
  }
  const figures = await bench();
  process.stdout.write(`${JSON.stringify({ bench: name, ...figures })}\n`);
  return 0;
}

/** Measures against a hub of its own, started as `npm start` does in an empty data folder. */
async function withHub(
  bench: (hub: RunningHub) => Promise<Figures>,
  settings: Record<string, string> = {},
): Promise<Figures> {
  const hub = await startHub(settings);
  const onSignal = () => void hub.stop().then(() => process.exit(1));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await bench(hub);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await hub.stop();
  }
}
