import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { refuseUpgrade } from '../../shared/http/upgrades.js';

/** The part of the time in which sockets are closed one slice after the other; the rest is for requests to finish. */
const SPREAD = 0.4;

/** For the last sockets to say goodbye and for what lies behind to be let go. */
const LEAVE_TAKING_MS = 1_500;
const SECONDS_TO_RETURN = 1;

const ENDING = 'This gateway ends or restarts. Connect again.';

/** Refuses a WebSocket while the gateway ends: another gateway takes the client, or this one when it is back. */
export function refuseUpgradeWhileEnding(connection: Duplex): void {
  refuseUpgrade(connection, 503, 'SERVICE_UNAVAILABLE', ENDING, {
    'retry-after': SECONDS_TO_RETURN,
  });
}

/** Refuses an event stream while the gateway ends. */
export async function refuseWhileEnding(reply: FastifyReply): Promise<void> {
  await reply
    .code(503)
    .header('retry-after', SECONDS_TO_RETURN)
    .header('connection', 'close')
    .send({
      errors: [
        {
          message: ENDING,
          extensions: { code: 'SERVICE_UNAVAILABLE' },
        },
      ],
    });
}

/** Connections that stay until somebody ends them. */
export interface LastingConnections {
  /** Tells all clients to connect again, spread over this time. */
  close(spreadMs: number): Promise<void>;
}

/** The end of a gateway, in the order in which clients notice it least. */
export class Drain {
  readonly #withinMs: number;
  #hasBegun = false;

  constructor(seconds: number) {
    this.#withinMs = seconds * 1000;
  }

  /** From then on it is not ready, and takes no new socket: who looks for one finds another gateway, or waits. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get longestMs(): number {
    return this.#withinMs + LEAVE_TAKING_MS;
  }

  async run(app: FastifyInstance, connections: readonly LastingConnections[]): Promise<void> {
    this.#hasBegun = true;
    const cut = setTimeout(() => app.server.closeAllConnections(), this.#withinMs);
    // Requests are taken meanwhile: a load balancer needs a moment to notice.
    await Promise.all(connections.map((kind) => kind.close(this.#withinMs * SPREAD)));
    await app.close();
    clearTimeout(cut);
  }
}
