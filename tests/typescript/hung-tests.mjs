// JavaScript, because the test runner loads it before it can load TypeScript.
/** Fails a test or a hook that hangs, and one that throws no error: jest-light-runner itself does neither. */
import { inspect } from 'node:util';
import { addEventHandler } from 'jest-circus';
import { slowness } from '../speed/slowness.js';

/** Far longer than any test needs on an idle machine. Even on a slow machine a run must end before the caller that waits for it gives up. */
const HUNG_AFTER_MS = 300_000 * Math.min(slowness(), 2);

/** The test files, each as its outermost block, in which something hung: what follows there would wait for the same thing. */
const hungFiles = new WeakSet();

// Without this, a socket or timer of a hung test would keep its process after the run, and the reader of the output would wait too.
process.once('disconnect', () => process.exit());

addEventHandler((event, { currentDescribeBlock }) => {
  if (event.name === 'add_test') limit(currentDescribeBlock.children.at(-1));
  if (event.name === 'add_hook') limit(currentDescribeBlock.hooks.at(-1));
});

function limit(definition) {
  const { fn } = definition;
  if (!fn) return;
  const file = outermost(definition.parent);
  definition.fn = async () => {
    if (definition.type === 'test' && hungFiles.has(file)) {
      throw new Error('not run: an earlier test or hook of this file hung');
    }
    let timer;
    const hung = new Promise((_, reject) => {
      timer = setTimeout(() => {
        hungFiles.add(file);
        reject(new Error(`hung for ${HUNG_AFTER_MS / 1000} seconds`));
      }, HUNG_AFTER_MS);
    });
    try {
      return await Promise.race([fn(), hung]);
    } catch (thrown) {
      // The runner reads the stack of whatever a test throws.
      throw typeof thrown?.stack === 'string' ? thrown : new Error(`thrown: ${inspect(thrown)}`);
    } finally {
      clearTimeout(timer);
    }
  };
}

function outermost(block) {
  return block.parent ? outermost(block.parent) : block;
}
