// JavaScript, because the test runner loads it before it can load TypeScript.
/** Fails a test or a hook that hangs, and one that throws no error: jest-light-runner itself does neither. */
import { inspect } from 'node:util';
import { addEventHandler } from 'jest-circus';
import { slowness } from '../speed/slowness.js';

/** Far longer than any test needs on an idle machine. */
const HUNG_AFTER_MS = 300_000 * slowness();

addEventHandler((event, { currentDescribeBlock }) => {
  if (event.name === 'add_test') limit(currentDescribeBlock.children.at(-1));
  if (event.name === 'add_hook') limit(currentDescribeBlock.hooks.at(-1));
});

function limit(definition) {
  const { fn } = definition;
  if (!fn) return;
  definition.fn = async () => {
    let timer;
    const hung = new Promise((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`hung for ${HUNG_AFTER_MS / 1000} seconds`)),
        HUNG_AFTER_MS,
      );
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
