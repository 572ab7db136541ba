import { Pool } from 'undici';

/** Enough for a crisis, few enough that a slow subgraph is not buried under what waits for it. */
const MOST_CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 2_000;
const IDLE_CONNECTION_MS = 30_000;

/** What says that a connection broke; silence is no sign of that, and neither is a port where nobody listens. */
const CONNECTION_LOST = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

export interface Post {
  body: string;
  token: string;
  /** From the wish to ask until the last byte of the answer, waiting for a free connection and a repetition included. */
  timeoutMs: number;
  /** Whether it may be sent again when the connection broke: it may have been done, and nobody said so. */
  mayRepeat: boolean;
}

/** The HTTP connections to one subgraph. */
export class SubgraphConnections {
  readonly #pool: Pool;
  readonly #path: string;

  constructor(url: string) {
    const { origin, pathname, search } = new URL(url);
    this.#path = pathname + search;
    this.#pool = new Pool(origin, {
      connections: MOST_CONNECTIONS,
      keepAliveTimeout: IDLE_CONNECTION_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
    });
  }

  async post({
    body,
    token,
    timeoutMs,
    mayRepeat,
  }: Post): Promise<{ status: number; text: string }> {
    const signal = AbortSignal.timeout(timeoutMs);
    const send = () => this.#send(body, token, signal);
    return send().catch((cause: unknown) => {
      if (mayRepeat && isConnectionLoss(cause)) return send();
      throw cause;
    });
  }

  /** Cuts what still runs; whoever wants it to finish waits before. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #send(body: string, token: string, signal: AbortSignal) {
    const { statusCode, body: answer } = await this.#pool.request({
      method: 'POST',
      path: this.#path,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${token}`,
      },
      body,
      signal,
    });
    return { status: statusCode, text: await answer.text() };
  }
}

function isConnectionLoss(cause: unknown): boolean {
  return CONNECTION_LOST.has((cause as NodeJS.ErrnoException).code ?? '');
}
