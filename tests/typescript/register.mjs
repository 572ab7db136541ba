// JavaScript, because the test runner loads it before it can load TypeScript.
/** Lets the processes that run tests import the TypeScript sources. Processes that the tests start run the output of `npm run build`. */
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
delete process.env.NODE_OPTIONS;
