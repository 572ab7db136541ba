import { MessageType, type Message, type SubscribeMessage } from 'graphql-ws';

/** An operation from its `subscribe` message until nothing of it is left. */
interface UnderWay {
  /** Its client completed it, or the service ended it: the id may be used again. */
  isOver: boolean;
  /** The next operation of the same id, which begins when nothing of this one is left. */
  next?: SubscribeMessage | undefined;
}

export interface OrderedMessages {
  /** Resolves when the message is dealt with; for `subscribe`, when its operation has ended. */
  run(message: Message): Promise<void>;
  /** The client uses an id that is in use. */
  refuse(id: string): void;
}

/**
 * The operations of one socket, in order for each id. A client may complete an operation and subscribe again with its id
 * at once, while the first is still being prepared. graphql-ws remembers nothing but the id: it would take the first for
 * running again, run both, and lose one of them, which nobody could end any more.
 */
export class OperationOrder {
  readonly #underWay = new Map<string, UnderWay>();
  readonly #messages: OrderedMessages;
  #isClosed = false;

  constructor(messages: OrderedMessages) {
    this.#messages = messages;
  }

  /** How many operations are prepared or run, including those that were completed meanwhile. */
  get count(): number {
    return this.#underWay.size;
  }

  async receive(message: Message): Promise<void> {
    if (message.type === MessageType.Subscribe) await this.#subscribe(message);
    else {
      if (message.type === MessageType.Complete && this.#dropsNext(message.id)) return;
      await this.#messages.run(message);
    }
  }

  /** The service ends an operation; its client may use the id again as soon as it is notified. */
  ended(id: string): void {
    const operation = this.#underWay.get(id);
    if (operation) operation.isOver = true;
  }

  /** The socket has closed: nothing begins any more. */
  close(): void {
    this.#isClosed = true;
  }

  async #subscribe(message: SubscribeMessage): Promise<void> {
    const { id } = message;
    const before = this.#underWay.get(id);
    if (before) {
      if (before.isOver && !before.next) before.next = message;
      else this.#messages.refuse(id);
      return;
    }
    let current: SubscribeMessage | undefined = message;
    while (current && !this.#isClosed) {
      const operation: UnderWay = { isOver: false };
      this.#underWay.set(id, operation);
      await this.#messages.run(current).finally(() => this.#underWay.delete(id));
      current = operation.next;
    }
  }

  /** Completes an operation. Returns whether it had not begun, so that nobody else needs to know of it. */
  #dropsNext(id: string): boolean {
    const operation = this.#underWay.get(id);
    if (!operation) return false;
    operation.isOver = true;
    const hadNext = operation.next !== undefined;
    operation.next = undefined;
    return hadNext;
  }
}
