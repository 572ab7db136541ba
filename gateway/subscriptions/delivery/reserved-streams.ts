import { callersFault } from '../../../shared/errors/index.js';
import { claimSetKey, type InternalIdentity } from '../../../shared/identity/index.js';
import {
  tooManyReserved,
  tooManyReservedBySubject,
  type SubscriptionLimits,
} from '../sharing/index.js';
import type { EventStream } from './event-stream.js';

/** Reserved streams by their tokens; a stream to which no client connects is released. */
export class ReservedStreams {
  readonly #limits: SubscriptionLimits;
  readonly #streams = new Map<string, { stream: EventStream; owner: string }>();
  readonly #unconnected = new Map<string, { timer: NodeJS.Timeout; identity: InternalIdentity }>();
  /** Reservations that are not connected, by subject. */
  readonly #waiting = new Map<string, number>();
  #waitingOfAll = 0;

  constructor(limits: SubscriptionLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#streams.size;
  }

  get(token: string): EventStream | undefined {
    return this.#streams.get(token)?.stream;
  }

  /** Returns the stream if this caller reserved it; nobody else may read, use or end it. */
  ofCaller(token: string, identity: InternalIdentity): EventStream | undefined {
    const reserved = this.#streams.get(token);
    return reserved?.owner === ownerKey(identity) ? reserved.stream : undefined;
  }

  /**
   * Counts a reservation of the caller, from before the protocol library generates its token until it is connected or released;
   * `cancel` ends a reservation that never reached `reserve`. Throws TOO_MUCH.
   */
  begin({ subject = '' }: InternalIdentity): void {
    const { reservedStreams, reservedStreamsPerSubject } = this.#limits;
    const own = this.#waiting.get(subject) ?? 0;
    if (own >= reservedStreamsPerSubject) throw tooMuch(tooManyReservedBySubject(this.#limits));
    if (this.#waitingOfAll >= reservedStreams) throw tooMuch(tooManyReserved(this.#limits));
    this.#waiting.set(subject, own + 1);
    this.#waitingOfAll += 1;
  }

  cancel({ subject = '' }: InternalIdentity): void {
    const left = (this.#waiting.get(subject) ?? 1) - 1;
    if (left > 0) this.#waiting.set(subject, left);
    else this.#waiting.delete(subject);
    this.#waitingOfAll -= 1;
  }

  /** Stores a stream whose reservation has begun. */
  reserve(
    token: string,
    { stream, identity }: { stream: EventStream; identity: InternalIdentity },
    onRelease: () => void,
  ): void {
    this.#streams.set(token, { stream, owner: ownerKey(identity) });
    const timer = setTimeout(() => {
      this.forget(token);
      onRelease();
    }, this.#limits.reservedStreamMs);
    this.#unconnected.set(token, { timer, identity });
  }

  connected(token: string): void {
    const waiting = this.#unconnected.get(token);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#unconnected.delete(token);
    this.cancel(waiting.identity);
  }

  forget(token: string): void {
    this.connected(token);
    this.#streams.delete(token);
  }

  close(): void {
    for (const token of [...this.#streams.keys()]) this.forget(token);
  }
}

function tooMuch(message: string): Error {
  const error = callersFault('TOO_MUCH', message);
  error.extensions['http'] = { status: 429 };
  return error;
}

/** Identifies the person and their rights: a stream shows what these rights allow, and a renewed token with equal rights matches. */
function ownerKey({ subject, claims }: InternalIdentity): string {
  return JSON.stringify([subject, claimSetKey(claims)]);
}
