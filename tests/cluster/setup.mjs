// JavaScript, because the test runner loads it before it can load TypeScript.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildOrExit } from '../../tools/build.mjs';

/** Where the test files find the cluster and the folder of the run; see tests/environment.ts. */
const CLUSTER = 'VIERBLATT_TEST_CLUSTER';
const FOLDER = 'VIERBLATT_TEST_FOLDER';
/** Where Node and other programs make temporary files. */
const TEMPORARY = 'TMPDIR';

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
  const { url, folder, temporary } = await new Promise((resolve, reject) => {
    holder.once('message', resolve);
    holder.once('exit', (status) =>
      reject(new Error(`No cluster for the tests: status ${status}`)),
    );
  });
  process.env[CLUSTER] = url;
  process.env[FOLDER] = folder;
  process.env[TEMPORARY] = temporary;
  holder.removeAllListeners('exit');
  globalThis.clusterHolder = holder;
}
