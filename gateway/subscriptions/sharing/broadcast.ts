import type { Delivery, DeliveryScheduler } from './delivery-scheduler.js';
import type { Membership } from './group.js';
import type { Message } from './message.js';

/** More bytes are sent in several rounds, so that a fast reader has read one round before the next begins. */
const LARGEST_ROUND_BYTES = 1024 * 1024;

/** One delivery to all memberships, of the messages that had been sent when it began. */
interface Round {
  messages: readonly Message[];
  /** Sequence number of the first message, counted from the group's first one. */
  from: number;
  memberships: Iterator<[Membership, number]>;
}

/**
 * Delivers the messages of a group to its subscribers, in order, a few subscribers at a time. Messages that arrive during one
 * round are delivered together in the next: the longer the backlog, the less each message costs.
 */
export class Broadcast implements Delivery {
  readonly #scheduler: DeliveryScheduler;
  /** With the sequence number of the first message for each. */
  readonly #memberships = new Map<Membership, number>();
  #pending: Message[] = [];
  /** The number of messages so far. */
  #count = 0;
  #round: Round | undefined;

  constructor(scheduler: DeliveryScheduler) {
    this.#scheduler = scheduler;
  }

  get size(): number {
    return this.#memberships.size;
  }

  /** Delivers all further messages to it. */
  add(membership: Membership): void {
    this.#memberships.set(membership, this.#count);
  }

  /** Stops deliveries to it. Returns whether it was present. */
  remove(membership: Membership): boolean {
    return this.#memberships.delete(membership);
  }

  send(message: Message): void {
    this.#pending.push(message);
    this.#count += 1;
    this.#scheduler.request(this);
  }

  deliverNext(count: number): boolean {
    const round = (this.#round ??= this.#nextRound());
    for (let given = 0; given < count; given++) {
      const next = round.memberships.next();
      if (next.done) {
        this.#round = undefined;
        return this.#pending.length > 0;
      }
      const [{ subscriber }, first] = next.value;
      if (first <= round.from) subscriber.deliver(round.messages);
      else if (first < round.from + round.messages.length) {
        subscriber.deliver(round.messages.slice(first - round.from));
      }
    }
    return true;
  }

  /** Delivers all pending messages in one tick and removes all memberships, which it returns. */
  end(): Membership[] {
    while (this.#round || this.#pending.length > 0) this.deliverNext(Infinity);
    const memberships = [...this.#memberships.keys()];
    this.#memberships.clear();
    return memberships;
  }

  #nextRound(): Round {
    const from = this.#count - this.#pending.length;
    let bytes = 0;
    const tooMany = this.#pending.findIndex((message, index) => {
      bytes += message.bytes.length;
      return index > 0 && bytes > LARGEST_ROUND_BYTES;
    });
    const messages = this.#pending.splice(0, tooMany === -1 ? this.#pending.length : tooMany);
    return { messages, from, memberships: this.#memberships.entries() };
  }
}
