// Runs in a worker thread, see composition.ts. Composing takes tens of milliseconds and more with every type, in which
// nobody would be answered. Not TypeScript, so that Node runs it as it is, in the sources and beside the build.
import { parentPort, workerData } from 'node:worker_threads';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** @returns {import('./composition.js').Composition} */
function compose() {
  try {
    const { supergraphSdl, errors } = composeServices(
      workerData.map(({ name, sdl }) => ({
        name,
        // Never used: the settings say where a subgraph is. As it stands in the committed supergraph.
        url: `http://${name}/graphql`,
        typeDefs: parse(sdl),
      })),
    );
    return errors ? { problems: errors.map(({ message }) => message) } : { supergraphSdl };
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)] };
  }
}

parentPort?.postMessage(compose());
