/** The body of `/readyz`. */
export interface Readiness {
  /** Why the gateway cannot serve requests; undefined when it can. */
  unready: string | undefined;
  supergraph: 'current' | 'behind';
  /** Whether each subgraph answers: the last requests to it, and its own `/readyz`, which includes its database. */
  subgraphs: Readonly<Record<string, 'answers' | 'away'>>;
}

/** The parts of the federation on which readiness depends. */
interface ObservedFederation {
  isLoaded: boolean;
  renewal: { isBehind: boolean };
  sources: Readonly<Record<string, { isUnavailable: boolean }>>;
}

/** Returns what `/readyz` reports to monitoring and load balancers. */
export function readiness(
  federation: ObservedFederation,
  isDraining: boolean,
  missing: readonly string[],
  unreadySubgraphs: ReadonlySet<string>,
): Readiness {
  const unready = isDraining
    ? 'it stops'
    : federation.isLoaded
      ? missingReason(missing)
      : 'no supergraph is loaded';
  return {
    unready,
    supergraph: federation.renewal.isBehind ? 'behind' : 'current',
    subgraphs: Object.fromEntries(
      Object.entries(federation.sources).map(([name, { isUnavailable }]) => [
        name,
        isUnavailable || unreadySubgraphs.has(name) ? 'away' : 'answers',
      ]),
    ),
  };
}

function missingReason(missing: readonly string[]): string | undefined {
  return missing.length > 0 ? `no response yet from ${missing.join(', ')}` : undefined;
}
