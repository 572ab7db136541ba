import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { projectPath } from '../../../shared/root.js';

export interface SubgraphSchema {
  name: string;
  sdl: string;
}

export type Composition = { supergraphSdl: string } | { problems: string[] };

/** Composes in a thread of its own, so that queries continue meanwhile. Throws when the signal aborts it. */
export async function compose(
  schemas: readonly SubgraphSchema[],
  signal: AbortSignal,
): Promise<Composition> {
  signal.throwIfAborted();
  const worker = new Worker(projectPath('gateway', 'supergraph', 'renewal', 'compose-worker.mjs'), {
    workerData: schemas,
    // Node's flags of a test runner or a debugger do not apply to it.
    execArgv: [],
  });
  try {
    const [composition] = (await once(worker, 'message', { signal })) as [Composition];
    return composition;
  } finally {
    await worker.terminate();
  }
}
