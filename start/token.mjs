/** `npm run -s token`: prints only a development token on standard output. JavaScript, because it starts the build. */
import { buildOrExit } from '../tools/build.mjs';

await buildOrExit({ say: console.error });
await import('../dist/bundled/start/token/token.js');
