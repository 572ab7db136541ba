/** `npm run replay`: builds what is stale, then reports the register's days to a running hub. JavaScript, because it starts the build. */
import { buildOrExit } from '../../tools/build.mjs';

await buildOrExit({ say: console.error, despiteTypeErrors: true });
const { main } = await import('../../dist/bundled/demo/replay/replay.js');
process.exitCode = await main(process.argv.slice(2));
