import { existsSync, readFileSync } from 'node:fs';
import { projectPath } from '../shared/root.js';
import { runService } from '../shared/service-process.js';
import { startGateway } from './gateway.js';

await runService('gateway', (settings, log, tracing) =>
  startGateway(settings, committedSupergraph(), log, tracing),
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
