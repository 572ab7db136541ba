import { callersFault } from '../../../shared/errors/callers-fault.js';
import { claimSetKey } from '../../../shared/identity/claims.js';
import type { InternalIdentity } from '../../../shared/identity/internal-tokens.js';
import type { SubscriptionLimits } from '../sharing/subscription-limits.js';
import type { EventStream } from './event-stream.js';

/** Reserved streams by their tokens; those that nobody connects to are given up. */
export class ReservedStreams {
  readonly #limits: SubscriptionLimits;
  readonly #streams = new Map<string, { stream: EventStream; owner: string }>();
  readonly #unconnected = new Map<string, NodeJS.Timeout>();

  constructor(limits: SubscriptionLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#streams.size;
  }

  get(token: string): EventStream | undefined {
    return this.#streams.get(token)?.stream;
  }

  /** The stream, if it was reserved by this caller; that of another is not theirs to read, to fill or to end. */
  ofCaller(token: string, identity: InternalIdentity): EventStream | undefined {
    const reserved = this.#streams.get(token);
    return reserved?.owner === ownerKey(identity) ? reserved.stream : undefined;
  }

  /** Throws TOO_MUCH. */
  refuseTooMany(): void {
    if (this.#unconnected.size < this.#limits.reservedStreams) return;
    const error = callersFault(
      'TOO_MUCH',
      `${this.#limits.reservedStreams} event streams are reserved and not connected, and more are refused. Connect those you have, or try again in a minute.`,
    );
    error.extensions['http'] = { status: 429 };
    throw error;
  }

  reserve(
    token: string,
    { stream, identity }: { stream: EventStream; identity: InternalIdentity },
    givenUp: () => void,
  ): void {
    this.#streams.set(token, { stream, owner: ownerKey(identity) });
    const timer = setTimeout(() => {
      this.forget(token);
      givenUp();
    }, this.#limits.reservedStreamMs);
    this.#unconnected.set(token, timer);
  }

  connected(token: string): void {
    clearTimeout(this.#unconnected.get(token));
    this.#unconnected.delete(token);
  }

  forget(token: string): void {
    this.connected(token);
    this.#streams.delete(token);
  }

  close(): void {
    for (const token of [...this.#streams.keys()]) this.forget(token);
  }
}

/** The person together with their rights: a stream shows what these rights allow, and a token renewed with equal ones fits. */
function ownerKey({ subject, claims }: InternalIdentity): string {
  return JSON.stringify([subject, claimSetKey(claims)]);
}
