/** The hub as `npm start` runs it, until SIGTERM, Ctrl-C or the end of the terminal. */
import { readSettings, SettingsError } from '../shared/env.js';
import { runHub } from './supervisor/hub.js';
import { StartRefusal } from './host/refusal.js';

const ending = new AbortController();
// A second signal finds the end under way: Ctrl-C reaches this process from the terminal and again through npm.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Until here start.mjs handled them.
  process.removeAllListeners(signal).on(signal, () => ending.abort());
}
// The terminal may close before the hub ends.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

try {
  await runHub(readSettings(), {
    ending: ending.signal,
    progress: (line) => console.log(line),
    report: (line) => console.error(line),
    whenReady: ({ url }) => {
      console.log(`Sandbox: ${url}/sandbox`);
      console.log(`Vierblatt is ready: ${url}/graphql`);
    },
  });
  process.exit(0);
} catch (error) {
  const isPlain = error instanceof StartRefusal || error instanceof SettingsError;
  console.error(isPlain ? error.message : error);
  process.exit(1);
}
