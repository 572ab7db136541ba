import type { Deliverer, DeliveryTurns } from './delivery-scheduler.js';
import type { Seat } from './group.js';
import type { Message } from './message.js';

/** More than this goes out in several rounds, so that who reads fast has read the one before the next comes. */
const LARGEST_ROUND_BYTES = 1024 * 1024;

/** One way through all seats, with what had been said when it began. */
interface Round {
  messages: readonly Message[];
  /** The number of the first message; they are counted from the group's first one on. */
  from: number;
  seats: Iterator<[Seat, number]>;
}

/**
 * Hands what a group says to its members, in the order it was said, a few members at a time. What is said during one round
 * goes out together in the next: the further behind, the less each message costs.
 */
export class Broadcast implements Deliverer {
  readonly #turns: DeliveryTurns;
  /** With the number of the first message each is to be given. */
  readonly #seats = new Map<Seat, number>();
  #said: Message[] = [];
  /** How many messages there ever were. */
  #count = 0;
  #round: Round | undefined;

  constructor(turns: DeliveryTurns) {
    this.#turns = turns;
  }

  get size(): number {
    return this.#seats.size;
  }

  /** Gives it what is said from now on. */
  add(seat: Seat): void {
    this.#seats.set(seat, this.#count);
  }

  /** Gives it nothing any more. Returns whether it was there. */
  remove(seat: Seat): boolean {
    return this.#seats.delete(seat);
  }

  send(message: Message): void {
    this.#said.push(message);
    this.#count += 1;
    this.#turns.request(this);
  }

  deliverSome(most: number): boolean {
    const round = (this.#round ??= this.#nextRound());
    for (let given = 0; given < most; given++) {
      const next = round.seats.next();
      if (next.done) {
        this.#round = undefined;
        return this.#said.length > 0;
      }
      const [{ member }, first] = next.value;
      if (first <= round.from) member.deliver(round.messages);
      else if (first < round.from + round.messages.length) {
        member.deliver(round.messages.slice(first - round.from));
      }
    }
    return true;
  }

  /** Hands out all that was said, in one turn, and empties the seats. Returns who sat there. */
  end(): Seat[] {
    while (this.#round || this.#said.length > 0) this.deliverSome(Infinity);
    const seats = [...this.#seats.keys()];
    this.#seats.clear();
    return seats;
  }

  #nextRound(): Round {
    const from = this.#count - this.#said.length;
    let bytes = 0;
    const tooMany = this.#said.findIndex((message, index) => {
      bytes += message.bytes.length;
      return index > 0 && bytes > LARGEST_ROUND_BYTES;
    });
    const messages = this.#said.splice(0, tooMany === -1 ? this.#said.length : tooMany);
    return { messages, from, seats: this.#seats.entries() };
  }
}
