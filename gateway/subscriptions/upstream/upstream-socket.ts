import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { GraphQLFormattedError } from 'graphql';
import type { SubgraphResponse } from '../../core/index.js';

const ACKNOWLEDGED_WITHIN_MS = 5_000;
/** A subgraph that hangs without closing its socket is noticed this long after a ping. */
const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;

export interface UpstreamOperation {
  query: string;
  operationName?: string;
  variables: Record<string, unknown>;
  extensions: { authorization: string };
}

/** Exactly one of the last three methods is called, once, and nothing after it. */
export interface UpstreamSink {
  event(event: SubgraphResponse): void;
  /** The subgraph ended the subscription with these errors. */
  refused(errors: readonly GraphQLFormattedError[]): void;
  /** The subgraph completed the subscription. */
  completed(): void;
  /** The subgraph became unavailable. */
  broken(cause: unknown): void;
}

/** Between servers on one network, compression costs more than it saves. */
class PlainWebSocket extends WebSocket {
  constructor(address: string, protocol: string) {
    super(address, protocol, {
      perMessageDeflate: false,
      handshakeTimeout: ACKNOWLEDGED_WITHIN_MS,
    });
  }
}

/**
 * One socket to one subgraph, with all subscriptions on it, until it is lost. Nothing is retried here: the client library would
 * send the old payload again, with an outdated cursor and token.
 */
export class UpstreamSocket {
  readonly #client: Client;
  readonly #open = new Set<(cause: unknown) => void>();
  #isLost = false;

  constructor(url: string, ownAuthorization: () => Promise<string>) {
    let pongWait: NodeJS.Timeout | undefined;
    const lost = (event: unknown) => {
      clearTimeout(pongWait);
      this.#lose(causeOf(event));
    };
    this.#client = createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: PlainWebSocket,
      connectionParams: async () => ({ authorization: await ownAuthorization() }),
      connectionAckWaitTimeout: ACKNOWLEDGED_WITHIN_MS,
      lazy: false, // so that the socket stays when the last subscription leaves
      retryAttempts: 0,
      onNonLazyError: lost,
      keepAlive: PING_EVERY_MS,
      on: {
        ping: (isReceived) => {
          if (!isReceived) pongWait = setTimeout(() => this.#client.terminate(), PONG_WITHIN_MS);
        },
        pong: (isReceived) => {
          if (isReceived) clearTimeout(pongWait);
        },
        closed: lost,
        error: lost,
      },
    });
  }

  /** A lost socket stays lost. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Returns a function that unsubscribes. */
  subscribe(operation: UpstreamOperation, sink: UpstreamSink): () => void {
    let unsubscribe = () => {};
    const end = (notify: () => void) => {
      if (!this.#open.delete(broken)) return;
      unsubscribe();
      notify();
    };
    const broken = (cause: unknown) => end(() => sink.broken(cause));
    this.#open.add(broken);
    unsubscribe = this.#client.subscribe(operation, {
      next: (result) => {
        const event = result as SubgraphResponse;
        if (hasOnlyErrors(event)) end(() => sink.refused(event.errors));
        else if (this.#open.has(broken)) sink.event(event);
      },
      error: (error) => {
        if (isErrorList(error)) end(() => sink.refused(error));
        else broken(causeOf(error));
      },
      complete: () => end(() => sink.completed()),
    });
    return () => end(() => {});
  }

  /** For the shutdown of the gateway. Notifies no subscription, because it would subscribe again. */
  close(): void {
    this.#open.clear();
    this.#lose(new Error('the gateway stops'));
  }

  #lose(cause: unknown): void {
    if (this.#isLost) return;
    this.#isLost = true;
    // Also keeps the client from reconnecting by itself, which it does after a normal closure.
    Promise.resolve(this.#client.dispose()).catch(() => {});
    for (const broken of [...this.#open]) broken(cause);
  }
}

/** Turns an event of a WebSocket into an error for the log. */
function causeOf(event: unknown): unknown {
  const { error, code, reason } = event as { error?: unknown; code?: number; reason?: string };
  if (error instanceof Error) return error;
  return event instanceof Error ? event : new Error(`the socket closed with ${code} ${reason}`);
}

/** Errors without data are about the subscription, not about an event: servers may send them either way. */
function hasOnlyErrors(
  event: SubgraphResponse,
): event is Required<Pick<SubgraphResponse, 'errors'>> {
  return event.data === undefined && event.errors !== undefined;
}

function isErrorList(error: unknown): error is readonly GraphQLFormattedError[] {
  return Array.isArray(error);
}
