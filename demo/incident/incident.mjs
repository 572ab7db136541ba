/** `npm run incident`: builds what is stale, then plays a mass-casualty incident in a running hub. JavaScript, because it starts the build. */
import { buildOrExit } from '../../tools/build.mjs';

await buildOrExit({ say: console.error, despiteTypeErrors: true });
const { main } = await import('../../dist/bundled/demo/incident/incident.js');
process.exitCode = await main(process.argv.slice(2));
