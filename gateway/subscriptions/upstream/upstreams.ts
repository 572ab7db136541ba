import type { InternalIdentity, MintToken } from '../../../shared/identity/index.js';
import { GATEWAY_IDENTITY } from '../../core/index.js';
import { UpstreamSocket, type UpstreamOperation, type UpstreamSink } from './upstream-socket.js';

interface UpstreamRequest extends Omit<UpstreamOperation, 'extensions'> {
  /** Headers of its trace. */
  trace?: Readonly<Record<string, string>>;
}

/** One socket per subgraph, opened when it is needed; every subscription on it carries its own claim set. */
export class Upstreams {
  readonly #subgraphUrl: Readonly<Record<string, string>>;
  readonly #mint: MintToken;
  readonly #sockets = new Map<string, UpstreamSocket>();

  constructor(subgraphUrl: Readonly<Record<string, string>>, mint: MintToken) {
    this.#subgraphUrl = subgraphUrl;
    this.#mint = mint;
  }

  /** Returns a function that unsubscribes. The token is minted now, so that it is valid even when resuming after an hour. */
  subscribe(
    subgraph: string,
    { trace, ...operation }: UpstreamRequest,
    identity: InternalIdentity,
    sink: UpstreamSink,
  ): () => void {
    let unsubscribe: (() => void) | undefined;
    let isCancelled = false;
    this.#mint(identity, subgraph)
      .then((token) => {
        if (isCancelled) return;
        const extensions = { ...trace, authorization: `Bearer ${token}` };
        unsubscribe = this.#socketOf(subgraph).subscribe({ ...operation, extensions }, sink);
      })
      .catch((error: unknown) => {
        if (!isCancelled) sink.broken(error);
      });
    return () => {
      isCancelled = true;
      unsubscribe?.();
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
      async () => `Bearer ${await this.#mint(GATEWAY_IDENTITY, subgraph)}`,
    );
    this.#sockets.set(subgraph, socket);
    return socket;
  }
}
