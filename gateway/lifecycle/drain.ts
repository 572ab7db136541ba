import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { refuseUpgrade } from '../../shared/http/index.js';

/** The share of the time in which sockets are closed in slices; the rest is for requests to finish. */
const SPREAD = 0.4;

/** For the last sockets to complete their closing handshake and for other resources to be released. */
const CLOSE_GRACE_MS = 1_500;
const SECONDS_TO_RETURN = 1;

const DRAINING = 'This gateway stops or restarts. Connect again.';

/** Refuses a WebSocket while the gateway drains: the client reaches another gateway, or this one after its restart. */
export function refuseUpgradeWhileDraining(connection: Duplex): void {
  refuseUpgrade(connection, 503, 'SERVICE_UNAVAILABLE', DRAINING, {
    'retry-after': SECONDS_TO_RETURN,
  });
}

/** Refuses an event stream while the gateway drains. */
export async function refuseWhileDraining(reply: FastifyReply): Promise<void> {
  await reply
    .code(503)
    .header('retry-after', SECONDS_TO_RETURN)
    .header('connection', 'close')
    .send({
      errors: [
        {
          message: DRAINING,
          extensions: { code: 'SERVICE_UNAVAILABLE' },
        },
      ],
    });
}

/** Connections that stay open until one side closes them. */
export interface LongLivedConnections {
  /** Asks all clients to connect again, spread over this time. */
  close(spreadMs: number): Promise<void>;
}

/** Shuts a gateway down in the order that disturbs clients least. */
export class Drain {
  readonly #withinMs: number;
  #hasBegun = false;

  constructor(seconds: number) {
    this.#withinMs = seconds * 1000;
  }

  /** While it drains, the gateway is not ready and accepts no new socket: clients find another gateway, or wait. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get longestMs(): number {
    return this.#withinMs + CLOSE_GRACE_MS;
  }

  async run(app: FastifyInstance, connections: readonly LongLivedConnections[]): Promise<void> {
    this.#hasBegun = true;
    const cut = setTimeout(() => app.server.closeAllConnections(), this.#withinMs);
    // Requests are accepted meanwhile: a load balancer needs a moment to notice.
    await Promise.all(connections.map((kind) => kind.close(this.#withinMs * SPREAD)));
    await app.close();
    clearTimeout(cut);
  }
}
