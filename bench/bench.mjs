/** `npm run -s bench -- NAME`: builds what is stale, measures, and prints one JSON object as the last line. JavaScript, because it starts the build. */
import { buildOrExit } from '../tools/build.mjs';

await buildOrExit({ say: console.error, despiteTypeErrors: true });
const { main } = await import('../dist/bench/bench.js');
process.exitCode = await main(process.argv.slice(2));
