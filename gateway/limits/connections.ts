import type { Duplex } from 'node:stream';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { refuseUpgrade } from '../../shared/http/index.js';
import type { SecurityEvents } from '../monitoring/index.js';
import { callerOf, type Caller, networkOf } from '../core/index.js';
import { LimitError } from './limit-error.js';
import type { Limits } from './limits.js';

/**
 * Limits WebSockets by the network of their address. The caller of one is known only from its first message, so sockets without
 * an accepted token count against all clients of the address. Each may send `connection_init` once, so this limits those messages
 * as well.
 */
export class Connections {
  readonly #open = new Map<string, number>();
  /** By address. */
  readonly #opened: RateLimiterMemory;
  readonly #openedByCaller: RateLimiterMemory;
  readonly #limits: Limits;
  readonly #events: SecurityEvents;

  constructor(limits: Limits, events: SecurityEvents) {
    this.#events = events;
    this.#limits = limits;
    const limit = { points: limits.connectionsPerMinute, duration: 60 };
    this.#opened = new RateLimiterMemory(limit);
    this.#openedByCaller = new RateLimiterMemory(limit);
  }

  /** Whether the address may open one more, which then counts until it closes. If not, refuses the upgrade. */
  async admit(clientAddress: string, connection: Duplex): Promise<boolean> {
    const address = networkOf(clientAddress);
    const open = this.#open.get(address) ?? 0;
    if (open >= this.#limits.connections) {
      const most = `An address may hold ${this.#limits.connections} connections, and this one does. Close some, or run several operations over each.`;
      this.#refuse(address, connection, 60, most);
      return false;
    }
    try {
      await this.#opened.consume(address);
    } catch (spent) {
      if (!(spent instanceof RateLimiterRes)) throw spent;
      const rate = `An address may open ${this.#limits.connectionsPerMinute} connections a minute without a token that is accepted. ${retryAfter(spent)}`;
      this.#refuse(address, connection, secondsUntil(spent), rate);
      return false;
    }
    if (connection.destroyed) return false;
    this.#open.set(address, (this.#open.get(address) ?? 0) + 1);
    connection.once('close', () => this.#release(address));
    return true;
  }

  /**
   * Counts a connection for its caller instead of its address, once the caller is known. Throws LimitError when the caller has
   * opened too many; then it counts for both.
   */
  async countForCaller(caller: Caller, clientAddress: string): Promise<void> {
    try {
      await this.#openedByCaller.consume(caller.key);
    } catch (spent) {
      if (!(spent instanceof RateLimiterRes)) throw spent;
      const message = `A caller may open ${this.#limits.connectionsPerMinute} connections a minute. ${retryAfter(spent)}`;
      throw new LimitError(message, { status: 429 });
    }
    await this.#opened.reward(networkOf(clientAddress));
  }

  #refuse(address: string, connection: Duplex, seconds: number, message: string): void {
    this.#events.record('limit-exceeded', callerOf(undefined, address));
    refuse(connection, seconds, message);
  }

  #release(address: string): void {
    const left = (this.#open.get(address) ?? 1) - 1;
    if (left > 0) this.#open.set(address, left);
    else this.#open.delete(address);
  }
}

function secondsUntil({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}

function retryAfter(spent: RateLimiterRes): string {
  return `Try again in ${secondsUntil(spent)} s.`;
}

function refuse(connection: Duplex, retryAfterSeconds: number, message: string): void {
  refuseUpgrade(connection, 429, 'TOO_MUCH', message, { 'retry-after': retryAfterSeconds });
}
