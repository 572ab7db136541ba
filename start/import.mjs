/** `npm run import:medicines` and `npm run import:notices`. JavaScript, because it starts the build. */
import { buildOrExit } from '../tools/build.mjs';

await buildOrExit({ say: console.error });
await import('../dist/start/import/import.js');
