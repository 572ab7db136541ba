// JavaScript, because the test runner loads it before it can load TypeScript.
import { statSync } from 'node:fs';
import { relative } from 'node:path';

/** The folders of the project by how long their test files take: those below `tests` start whole hubs, those of rules take no time. */
const LONGEST_FIRST = [
  'tests',
  'start',
  'tools',
  'bench',
  'demo',
  'gateway',
  'shared',
  'subgraphs',
];

/**
 * Begins with the test files that take longest, and within a folder with the largest, so that at the end no process still works on
 * a long one while the others have nothing left. The order is the same on every machine, also in the first run of a clone.
 */
export default class LongestFirst {
  sort(tests) {
    const keyed = tests.map((test) => {
      const [folder] = relative(test.context.config.rootDir, test.path).split(/[\\/]/);
      return { test, rank: LONGEST_FIRST.indexOf(folder), bytes: statSync(test.path).size };
    });
    return keyed
      .sort((one, other) => one.rank - other.rank || other.bytes - one.bytes)
      .map(({ test }) => test);
  }

  /** The runner gives the durations; the order does not depend on them. */
  cacheResults() {}
}
