import { Pool, type Dispatcher } from 'undici';
import { type Cancellation, CancellationError } from '../../shared/cancellation/index.js';
import { HEAVY, WORK_HEADER } from '../../shared/http/index.js';

/**
 * Lanes: requests that may wait for each other: changes, ordinary reads, and reads of operations that make a subgraph read much.
 * Each lane has connections of its own.
 */
export type Lane = 'change' | 'read' | 'heavy';

/** Enough for a crisis, few enough that a slow subgraph is not buried under its queue. */
const MAX_CONNECTIONS: Record<Lane, number> = { change: 64, read: 64, heavy: 16 };
const CONNECT_TIMEOUT_MS = 2_000;
const IDLE_CONNECTION_MS = 30_000;

/** Error codes of a connection that broke; neither a timeout nor a refused connection is among them. */
const CONNECTION_LOST = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

export interface Post {
  body: string;
  token: string;
  /** Further headers, which have no influence on the response. */
  forwarded?: Readonly<Record<string, string>> | undefined;
  /** From the call to the last byte of the response, including the wait for a free connection and a retry. */
  timeoutMs: number;
  /** `read` by default. */
  lane?: Lane | undefined;
  /** Cancelled when nobody waits for the response any more; without it the request runs to its end. */
  cancellation?: Cancellation | undefined;
  /** Whether it may be sent again after a broken connection: the subgraph may have executed it already. */
  mayRetry: boolean;
}

const HEAVY_WORK = { [WORK_HEADER]: HEAVY };

export interface HttpResponse {
  status: number;
  text: string;
}

/** No response arrived in time. */
export class ResponseTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`expected a response within ${timeoutMs} ms; none arrived`);
  }
}

/** The HTTP connections to one subgraph. */
export class SubgraphConnections {
  readonly #pools: Record<Lane, Pool>;
  readonly #path: string;

  /** `allLost` is called when the last connection has closed: the next one may reach another server. */
  constructor(url: string, allLost = () => {}) {
    const { origin, pathname, search } = new URL(url);
    this.#path = pathname + search;
    const open = (lane: Lane) => {
      const pool = new Pool(origin, {
        connections: MAX_CONNECTIONS[lane],
        keepAliveTimeout: IDLE_CONNECTION_MS,
        connect: { timeout: CONNECT_TIMEOUT_MS },
      });
      pool.on('disconnect', () => {
        if (Object.values(this.#pools).every(({ stats }) => stats.connected === 0)) allLost();
      });
      return pool;
    };
    this.#pools = { change: open('change'), read: open('read'), heavy: open('heavy') };
  }

  post(post: Post): Promise<HttpResponse> {
    const { body, token, forwarded, timeoutMs, mayRetry, lane = 'read', cancellation } = post;
    const pool = this.#pools[lane];
    const request: Dispatcher.DispatchOptions = {
      method: 'POST',
      path: this.#path,
      headers: {
        ...forwarded,
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(lane === 'heavy' ? HEAVY_WORK : undefined),
      },
      body,
    };
    return new Promise((resolve, reject) => {
      let attempt: Attempt;
      const timer = setTimeout(() => {
        attempt.abort(new ResponseTimeout(timeoutMs));
      }, timeoutMs);
      let stopListening = () => {};
      const end = () => {
        clearTimeout(timer);
        stopListening();
      };
      const succeed = (response: HttpResponse) => {
        end();
        resolve(response);
      };
      const fail = (cause: Error) => {
        end();
        reject(cause);
      };
      const retry = (cause: Error) => {
        if (mayRetry && isConnectionLoss(cause)) send(fail);
        else fail(cause);
      };
      const send = (lose: (cause: Error) => void) => {
        attempt = new Attempt(succeed, lose, fail);
        pool.dispatch(request, attempt);
      };
      send(retry);
      if (cancellation) {
        stopListening = cancellation.onCancel(() => attempt.abort(new CancellationError()));
      }
    });
  }

  /** Aborts the requests in flight; a caller that wants them to finish waits first. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool) => pool.destroy()));
  }
}

/** Collects one response. The plainest way through undici: no streams, no objects for the head of a message. */
class Attempt implements Dispatcher.DispatchHandler {
  readonly #succeed: (response: HttpResponse) => void;
  readonly #lose: (cause: Error) => void;
  readonly #fail: (cause: Error) => void;
  #status = 0;
  #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #reason: Error | undefined;

  constructor(
    succeed: (response: HttpResponse) => void,
    lose: (cause: Error) => void,
    fail: (cause: Error) => void,
  ) {
    this.#succeed = succeed;
    this.#lose = lose;
    this.#fail = fail;
  }

  /** Also while the request waits for a connection. */
  abort(reason: Error): void {
    this.#reason = reason;
    this.#fail(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#reason) controller.abort(this.#reason);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#succeed({ status: this.#status, text: body.toString() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    if (!this.#reason) this.#lose(cause);
  }
}

/** Whether a connection broke while a response was expected. */
export function isConnectionLoss(cause: unknown): boolean {
  return CONNECTION_LOST.has((cause as NodeJS.ErrnoException).code ?? '');
}
