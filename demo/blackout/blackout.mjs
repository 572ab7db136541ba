/** `npm run blackout`: builds what is stale, then plays a failure of the grid in a running hub. JavaScript, because it starts the build. */
import { buildOrExit } from '../../tools/build.mjs';

await buildOrExit({ say: console.error, despiteTypeErrors: true });
const { main } = await import('../../dist/bundled/demo/blackout/blackout.js');
process.exitCode = await main(process.argv.slice(2));
