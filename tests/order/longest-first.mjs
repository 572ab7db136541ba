// JavaScript, because the test runner loads it before it can load TypeScript.
import { statSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * The folders of which the test files come first: those below `tests` start whole hubs, the others programs. All other files follow as
 * one group, so that those of the gateway, which wait for timers, run beside those of the subgraphs, which do not.
 */
const LONGEST_FIRST = ['tests', 'start', 'tools', 'bench'];

/**
 * Begins with the test files that take longest, and within a group with the largest, so that at the end no process still works on
 * a long one while the others have nothing left. The order is the same on every machine, also in the first run of a clone.
 */
export default class LongestFirst {
  sort(tests) {
    const keyed = tests.map((test) => {
      const [folder] = relative(test.context.config.rootDir, test.path).split(/[\\/]/);
      const index = LONGEST_FIRST.indexOf(folder);
      const rank = index === -1 ? LONGEST_FIRST.length : index;
      return { test, rank, bytes: statSync(test.path).size };
    });
    return keyed
      .sort((one, other) => one.rank - other.rank || other.bytes - one.bytes)
      .map(({ test }) => test);
  }

  /** The runner gives the durations; the order does not depend on them. */
  cacheResults() {}
}
