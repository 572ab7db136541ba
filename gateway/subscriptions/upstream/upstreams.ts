import type { InternalIdentity, MintToken } from '../../../shared/identity/internal-tokens.js';
import { UpstreamSocket, type UpstreamOperation, type UpstreamSink } from './upstream-socket.js';

/** The gateway itself: may subscribe for others, has no rights of its own. */
const ITSELF: InternalIdentity = { claims: { roles: [], scopes: [], areas: [], facilities: [] } };

interface AskedUpstream extends Omit<UpstreamOperation, 'extensions'> {
  /** Headers of the trace it belongs to. */
  trace?: Readonly<Record<string, string>>;
}

/** One socket per subgraph, opened when it is needed; every subscription on it carries the claim set it is for. */
export class Upstreams {
  readonly #subgraphUrl: Readonly<Record<string, string>>;
  readonly #mint: MintToken;
  readonly #sockets = new Map<string, UpstreamSocket>();

  constructor(subgraphUrl: Readonly<Record<string, string>>, mint: MintToken) {
    this.#subgraphUrl = subgraphUrl;
    this.#mint = mint;
  }

  /** Returns how to leave. The token is minted now, so that one who resumes after an hour has a valid one. */
  subscribe(
    subgraph: string,
    { trace, ...operation }: AskedUpstream,
    identity: InternalIdentity,
    sink: UpstreamSink,
  ): () => void {
    let leave: (() => void) | undefined;
    let isGone = false;
    this.#mint(identity, subgraph)
      .then((token) => {
        if (isGone) return;
        const extensions = { ...trace, authorization: `Bearer ${token}` };
        leave = this.#socketOf(subgraph).subscribe({ ...operation, extensions }, sink);
      })
      .catch((error: unknown) => {
        if (!isGone) sink.broken(error);
      });
    return () => {
      isGone = true;
      leave?.();
    };
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
  }

  #socketOf(subgraph: string): UpstreamSocket {
    const known = this.#sockets.get(subgraph);
    if (known && !known.isLost) return known;
    const url = this.#subgraphUrl[subgraph];
    if (url === undefined) throw new Error(`no setting says where ${subgraph} is`);
    const socket = new UpstreamSocket(
      url,
      async () => `Bearer ${await this.#mint(ITSELF, subgraph)}`,
    );
    this.#sockets.set(subgraph, socket);
    return socket;
  }
}
