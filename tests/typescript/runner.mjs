// JavaScript, because the test runner loads it before it can load TypeScript.
import { createRunner } from 'jest-light-runner';

/** The message that a process of the runner sends when it begins, and the type of the response for which it waits without end. */
const SETTINGS_REQUEST = 'jest-light-runner-get-worker-data';
const SETTINGS = 'jest-light-runner-worker-data';

const RUNTIME = 'child_process';

/**
 * jest-light-runner with a response to every process. It sends the settings to all processes when the first requests them, and to
 * nobody when the others do: a process that is still loading then does not read them, waits for ever, and with it the whole run.
 */
export default class Runner extends createRunner({ runtime: RUNTIME }) {
  #supplied = new WeakSet();

  _runTest(test) {
    const result = super._runTest(test);
    const projectConfig = test.context.config;
    const { pool } = this._testRunners.get(projectConfig);
    // None with a single process, in which the tests run in this one.
    for (const worker of pool.threads ?? []) {
      const child = worker.process;
      if (!child || this.#supplied.has(child)) continue;
      this.#supplied.add(child);
      child.on('message', (message) => {
        if (message !== SETTINGS_REQUEST || !child.connected) return;
        const workerData = { globalConfig: this._globalConfig, projectConfig, runtime: RUNTIME };
        child.send({ type: SETTINGS, workerData });
      });
    }
    return result;
  }
}
