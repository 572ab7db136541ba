/** `npm start`: builds what is stale, then runs the hub. JavaScript, because it starts the build. */
import { buildOrExit } from '../tools/build.mjs';

// Nothing runs yet that would have to be ended first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(0));
await buildOrExit();
const { ignorePostgresVariables } = await import('../dist/bundled/shared/env.js');
// Before pg is loaded: one of them makes it load a native library.
ignorePostgresVariables();
await import('../dist/bundled/start/main.js');
