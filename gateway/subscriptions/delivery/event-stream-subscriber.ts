import type { GraphQLFormattedError } from 'graphql';
import type { Subscriber, Message, SubscriptionResult } from '../sharing/index.js';
import type { EventStream } from './event-stream.js';

/** Equal to the limit of WebSockets. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const TOO_SLOW: SubscriptionResult = {
  errors: [
    {
      message:
        'More than 4 MiB wait for this client, so the subscription ends here. Read faster, then resume with the last cursor.',
      extensions: { code: 'TOO_MUCH' },
    },
  ],
};

/** Serialised events that several streams share. */
const shared = new WeakMap<readonly Message[], Buffer>();

/**
 * Writes `next` events of one subscription directly to its stream. On a stream for this subscription alone they name no
 * operation, so that all streams with the same messages share one buffer. graphql-sse handles the rest of the protocol.
 */
export class EventStreamSubscriber implements Subscriber {
  readonly #stream: EventStream;
  /** Id of the operation, on a stream with several operations. */
  readonly #id: string | undefined;
  readonly #onEnd: () => void;
  readonly #onTooSlow: () => void;

  constructor(
    stream: EventStream,
    id: string | undefined,
    onEnd: () => void,
    onTooSlow: () => void,
  ) {
    this.#stream = stream;
    this.#id = id;
    this.#onEnd = onEnd;
    this.#onTooSlow = onTooSlow;
  }

  deliver(messages: readonly Message[]): void {
    this.#stream.write(
      this.#id === undefined ? sharedEvents(messages) : events(messages, this.#id),
    );
    if (this.#stream.waiting <= MAX_WAITING_BYTES) return;
    this.#onTooSlow();
    this.cut(TOO_SLOW);
  }

  end(errors?: readonly GraphQLFormattedError[]): void {
    if (errors) this.cut({ errors });
    else this.#onEnd();
  }

  /** Ends it with a last result. */
  cut(last: SubscriptionResult): void {
    this.#stream.write(event(Buffer.from(JSON.stringify(last)), this.#id, undefined));
    this.#onEnd();
  }
}

function sharedEvents(messages: readonly Message[]): Buffer {
  const known = shared.get(messages);
  if (known) return known;
  const made = events(messages);
  shared.set(messages, made);
  return made;
}

function events(messages: readonly Message[], id?: string): Buffer {
  return Buffer.concat(messages.map(({ bytes, cursor }) => event(bytes, id, cursor)));
}

/**
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md: the events of a reserved stream name their operation. Those of a
 * stream for one subscription have the cursor as their id, with which a client reconnects (`Last-Event-ID`); on a stream for
 * several the last id would not say which of them it belongs to.
 */
function event(result: Buffer, id: string | undefined, cursor: string | undefined): Buffer {
  const [before, after] =
    id === undefined ? ['', ''] : [`{"id":${JSON.stringify(id)},"payload":`, '}'];
  return Buffer.concat([
    Buffer.from(`${id === undefined ? idLine(cursor) : ''}event: next\ndata: ${before}`),
    result,
    Buffer.from(`${after}\n\n`),
  ]);
}

/** A line break would begin another field, so a cursor that contains one is not sent. */
function idLine(cursor: string | undefined): string {
  return cursor === undefined || /[\r\n\0]/.test(cursor) ? '' : `id: ${cursor}\n`;
}
