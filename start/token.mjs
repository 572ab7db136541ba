/** `npm run -s token`: prints a development token and nothing else on standard output. */
import { buildOrExit } from '../tools/build.mjs';

await buildOrExit({ say: console.error });
await import('../dist/start/token/token.js');
