import { casualties } from './casualties.js';
import { hostile } from './hostile.js';
import { ingest } from './ingest.js';
import { live } from './live.js';
import type { Figures } from './output.js';
import { reserve } from './reserve.js';
import { steering } from './steering.js';
import { transfers } from './transfers.js';
import { startHub, type RunningHub } from '../tests/running-hub.js';

const BENCHES: Record<string, (hub: RunningHub) => Promise<Figures>> = {
  casualties,
  hostile,
  ingest,
  live,
  reserve,
  steering,
  transfers,
};

/** Measures against a hub of its own, started as `npm start` does in an empty data folder. Returns the exit status. */
export async function main([name = '', ...rest]: string[]): Promise<number> {
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (!bench || rest.length > 0) {
    process.stderr.write(`Usage: npm run -s bench -- ${Object.keys(BENCHES).join('|')}\n`);
    return 1;
  }
  const hub = await startHub();
  const onSignal = () => void hub.stop().then(() => process.exit(1));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const figures = await bench(hub);
    await hub.stop();
    process.stdout.write(`${JSON.stringify({ bench: name, ...figures })}\n`);
    return 0;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await hub.stop();
  }
}
