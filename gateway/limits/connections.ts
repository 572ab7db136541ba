import type { Duplex } from 'node:stream';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { refuseUpgrade } from '../../shared/http/upgrades.js';
import type { SecurityEvents } from '../monitoring/security-events.js';
import { callerOf } from '../core/caller.js';
import { networkOf } from '../core/client-network.js';
import type { Limits } from './limits.js';

/** WebSockets by the network of the address they come from. Each may say `connection_init` once, so this bounds those as well. */
export class Connections {
  readonly #open = new Map<string, number>();
  readonly #opened: RateLimiterMemory;
  readonly #limits: Limits;
  readonly #events: SecurityEvents;

  constructor(limits: Limits, events: SecurityEvents) {
    this.#events = events;
    this.#limits = limits;
    this.#opened = new RateLimiterMemory({ points: limits.connectionsPerMinute, duration: 60 });
  }

  /** Whether the address may have one more, which then counts until it closes. If not, it is told so over HTTP. */
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
      const seconds = Math.max(1, Math.ceil(spent.msBeforeNext / 1000));
      const rate = `An address may open ${this.#limits.connectionsPerMinute} connections a minute. Come back in ${seconds} s.`;
      this.#refuse(address, connection, seconds, rate);
      return false;
    }
    if (connection.destroyed) return false;
    this.#open.set(address, (this.#open.get(address) ?? 0) + 1);
    connection.once('close', () => this.#release(address));
    return true;
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

function refuse(connection: Duplex, retryAfterSeconds: number, message: string): void {
  refuseUpgrade(connection, 429, 'TOO_MUCH', message, { 'retry-after': retryAfterSeconds });
}
