import type { FederatedGateway } from '../federated-gateway.js';
import type { Readiness } from '../http/health.js';

/** What `/readyz` tells, for those who watch the hub and those who balance its load. `away` are subgraphs that are not ready. */
export function readiness(
  federation: FederatedGateway,
  isDraining: boolean,
  unanswered: readonly string[],
  away: ReadonlySet<string>,
): Readiness {
  const unready = isDraining
    ? 'it ends'
    : federation.isLoaded
      ? unansweredReason(unanswered)
      : 'no supergraph is loaded';
  return {
    unready,
    supergraph: federation.renewal.isBehind ? 'behind' : 'current',
    subgraphs: Object.fromEntries(
      Object.entries(federation.sources).map(([name, { isAway }]) => [
        name,
        isAway || away.has(name) ? 'away' : 'answers',
      ]),
    ),
  };
}

function unansweredReason(unanswered: readonly string[]): string | undefined {
  return unanswered.length > 0 ? `no answer yet of ${unanswered.join(', ')}` : undefined;
}
