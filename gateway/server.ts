import { existsSync, readFileSync } from 'node:fs';
import { projectPath } from '../shared/root.js';
import { runService } from '../shared/service-process.js';
import { startGateway } from './gateway.js';

await runService('gateway', (settings, log, tracing) =>
  startGateway(
    { ...settings, committedSchemas: committedSchemas() },
    committedSupergraph(),
    log,
    tracing,
  ),
);

function committedSupergraph(): string {
  const file = projectPath('gateway', 'supergraph.graphql');
  if (!existsSync(file)) {
    throw new Error(
      'gateway/supergraph.graphql is missing; it belongs to the repository. Check it out again.',
    );
  }
  return readFileSync(file, 'utf8');
}

/** The build notes from which schemas the committed supergraph is composed, see tools/composed-schemas.mjs. */
function committedSchemas(): string | undefined {
  const file = projectPath('gateway', 'generated', 'composition.json');
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { schemas?: string }).schemas;
}
