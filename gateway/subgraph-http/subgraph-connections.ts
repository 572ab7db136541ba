import { Pool, type Dispatcher } from 'undici';
import { Cancelled, type Cancellation } from '../../shared/cancellation/cancellation.js';
import { HEAVY, WORK_HEADER } from '../../shared/subgraph/work-header.js';

/**
 * What questions wait for each other: changes, usual reads, and reads of operations that make a subgraph read much. None of
 * them uses a connection of another.
 */
export type Lane = 'change' | 'read' | 'heavy';

/** Enough for a crisis, few enough that a slow subgraph is not buried under what waits for it. */
const MOST_CONNECTIONS: Record<Lane, number> = { change: 64, read: 64, heavy: 16 };
const CONNECT_TIMEOUT_MS = 2_000;
const IDLE_CONNECTION_MS = 30_000;

/** What says that a connection broke; silence is no sign of that, and neither is a port where nobody listens. */
const CONNECTION_LOST = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

export interface Post {
  body: string;
  token: string;
  /** Further headers, of which the subgraph's answer does not depend. */
  forwarded?: Readonly<Record<string, string>> | undefined;
  /** From the wish to ask until the last byte of the answer, waiting for a free connection and a repetition included. */
  timeoutMs: number;
  /** The usual reads' unless said. */
  lane?: Lane | undefined;
  /** Until when somebody waits for the answer; without it to the end. */
  cancellation?: Cancellation | undefined;
  /** Whether it may be sent again when the connection broke: it may have been done, and nobody said so. */
  mayRepeat: boolean;
}

const HEAVY_WORK = { [WORK_HEADER]: HEAVY };

export interface HttpAnswer {
  status: number;
  text: string;
}

/** No answer came in time. */
export class AnswerLate extends Error {
  constructor(timeoutMs: number) {
    super(`expected an answer within ${timeoutMs} ms; none came`);
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
        connections: MOST_CONNECTIONS[lane],
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

  post(post: Post): Promise<HttpAnswer> {
    const { body, token, forwarded, timeoutMs, mayRepeat, lane = 'read', cancellation } = post;
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
        attempt.giveUp(new AnswerLate(timeoutMs));
      }, timeoutMs);
      let stopListening = () => {};
      const ended = () => {
        clearTimeout(timer);
        stopListening();
      };
      const answered = (answer: HttpAnswer) => {
        ended();
        resolve(answer);
      };
      const failed = (cause: Error) => {
        ended();
        reject(cause);
      };
      const again = (cause: Error) => {
        if (mayRepeat && isConnectionLoss(cause)) send(failed);
        else failed(cause);
      };
      const send = (lost: (cause: Error) => void) => {
        attempt = new Attempt(answered, lost, failed);
        pool.dispatch(request, attempt);
      };
      send(again);
      if (cancellation) {
        stopListening = cancellation.onCancel(() => attempt.giveUp(new Cancelled()));
      }
    });
  }

  /** Cuts what still runs; whoever wants it to finish waits before. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool) => pool.destroy()));
  }
}

/** Collects one answer. The plainest way through undici: no streams, no objects for the head of a message. */
class Attempt implements Dispatcher.DispatchHandler {
  readonly #answered: (answer: HttpAnswer) => void;
  readonly #lost: (cause: Error) => void;
  readonly #failed: (cause: Error) => void;
  #status = 0;
  #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #reason: Error | undefined;

  constructor(
    answered: (answer: HttpAnswer) => void,
    lost: (cause: Error) => void,
    failed: (cause: Error) => void,
  ) {
    this.#answered = answered;
    this.#lost = lost;
    this.#failed = failed;
  }

  /** Also while it waits for a connection. */
  giveUp(reason: Error): void {
    this.#reason = reason;
    this.#failed(reason);
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
    this.#answered({ status: this.#status, text: body.toString() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    if (!this.#reason) this.#lost(cause);
  }
}

/** Whether a connection broke while an answer was waited for. */
export function isConnectionLoss(cause: unknown): boolean {
  return CONNECTION_LOST.has((cause as NodeJS.ErrnoException).code ?? '');
}
