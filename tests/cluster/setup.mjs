// JavaScript, because the test runner loads it before it can load TypeScript.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildOrExit } from '../../tools/build.mjs';

/** Where the test files find the cluster; see database.ts. */
const VARIABLE = 'VIERBLATT_TEST_CLUSTER';

/**
 * One PostgreSQL for the whole test run, in a folder of its own. A process of its own holds it, so that it ends also
 * when the run is broken off or killed and nobody calls the teardown.
 */
export default async function setup() {
  await buildOrExit({ say: () => {}, despiteTypeErrors: true });
  const holder = fork(fileURLToPath(new URL('./holder.mjs', import.meta.url)), {
    detached: true,
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  process.env[VARIABLE] = await new Promise((resolve, reject) => {
    holder.once('message', resolve);
    holder.once('exit', (status) =>
      reject(new Error(`No cluster for the tests: status ${status}`)),
    );
  });
  holder.removeAllListeners('exit');
  globalThis.clusterHolder = holder;
}
