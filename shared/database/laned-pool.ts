import pg from 'pg';
import { type Cancellation, CancellationError } from '../cancellation/index.js';
import { callersFault } from '../errors/index.js';
import { cancelStatement } from './cancel-statement.js';
import { currentWork, type WorkKind } from './work.js';

/** The connections for one kind of work. */
export interface Lane {
  connections: number;
  statementTimeoutMs: number;
  /** How long work may wait for a connection before it is refused with TOO_MUCH; without it as long as the pool allows. */
  waitMs?: number;
}

type ConnectCallback = Parameters<pg.Pool['connect']>[0];

/**
 * A pool whose connections are divided among the kinds of work, so that a statement that takes long never keeps a connection
 * from one that is short. Work that waits for a connection or runs a statement is cancelled when nobody waits for it any more.
 */
export class LanedPool extends pg.Pool {
  readonly #lanes: Record<WorkKind, { lane: Lane; pool: pg.Pool }>;

  constructor(config: pg.PoolConfig, lanes: Readonly<Record<WorkKind, Lane>>) {
    super(config);
    const opened = Object.entries(lanes).map(([kind, lane]) => {
      const pool = new pg.Pool({
        ...config,
        max: lane.connections,
        statement_timeout: lane.statementTimeoutMs,
      });
      pool.on('connect', (client) => this.emit('connect', client));
      pool.on('error', (error, client) => this.emit('error', error, client));
      return [kind, { lane, pool }];
    });
    this.#lanes = Object.fromEntries(opened) as Record<WorkKind, { lane: Lane; pool: pg.Pool }>;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | void {
    const { kind, cancellation } = currentWork();
    const { lane, pool } = this.#lanes[kind];
    if (callback) connectIn(pool, lane, cancellation, callback);
    else {
      return new Promise((resolve, reject) => {
        connectIn(pool, lane, cancellation, (error, client) => {
          if (client) resolve(client);
          else reject(error ?? new Error('the pool gave no connection'));
        });
      });
    }
  }

  override end(): Promise<void>;
  override end(ended: () => void): void;
  override end(ended?: () => void): Promise<void> | void {
    const all = Promise.all([
      super.end(),
      ...Object.values(this.#lanes).map(({ pool }) => pool.end()),
    ]).then(() => undefined);
    if (!ended) return all;
    void all.then(ended);
  }
}

function connectIn(
  pool: pg.Pool,
  { waitMs }: Lane,
  cancellation: Cancellation | undefined,
  callback: ConnectCallback,
): void {
  let isGivenUp = false;
  const giveUp = (reason: Error) => {
    isGivenUp = true;
    stopWaiting();
    callback(reason, undefined, () => undefined);
  };
  const timer = waitMs === undefined ? undefined : setTimeout(() => giveUp(busy(waitMs)), waitMs);
  let stopListening = () => {};
  const stopWaiting = () => {
    clearTimeout(timer);
    stopListening();
  };
  stopListening = cancellation?.onCancel(() => giveUp(new CancellationError())) ?? stopListening;
  if (isGivenUp) return;

  pool.connect((error, client, release) => {
    if (isGivenUp) {
      release();
      return;
    }
    stopWaiting();
    if (client && cancellation) cancelWith(cancellation, client);
    callback(error, client, client?.release ?? release);
  });
}

/** Until the connection is given back, its statements are stopped when nobody waits for them any more. */
function cancelWith(cancellation: Cancellation, client: pg.PoolClient): void {
  let stopped: Promise<void> | undefined;
  const stopListening = cancellation.onCancel(() => {
    stopped = cancelStatement(client);
  });
  const release = client.release.bind(client);
  client.release = (reason) => {
    stopListening();
    // Another one's statement must not be met: the connection is closed, and not before the server has done its part.
    if (stopped) void stopped.then(() => release(reason ?? true));
    else release(reason);
  };
}

function busy(waitMs: number): Error {
  return callersFault(
    'TOO_MUCH',
    `The hub is busy with other counts and large lists; this one waited ${waitMs / 1000} s. Query a smaller area or without a count, or try again in some seconds.`,
  );
}
