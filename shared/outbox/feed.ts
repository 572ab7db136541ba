import type { Outbox, OutboxEvent } from './outbox.js';
import type { Mark, Tail } from './tail.js';
import { isAfter, type Position } from './cursor.js';

/**
 * One changed entity, with the page of those that are read together; or a mark, which has no entity and says that everything up to
 * its cursor has been delivered.
 */
export interface Change {
  cursor: string;
  at: Date;
  entity: string | null;
  /** True in marks alone. */
  caughtUp: boolean;
  /** Equal for all changes that may be read together. */
  page: Page;
}

interface Page {
  /** Begins to read what will be selected of the page's entities, in a context made for this page. */
  readAhead(context: object): void;
}

/** The outbox of a subgraph, and what follows it: a part of the context of every request. */
export interface OutboxStream {
  outbox: Outbox;
  tail: Tail;
}

export interface Watch<Context> {
  /** The cursor to go on from; without it from now. */
  after?: string | null | undefined;
  /** Whether an event is to be delivered. */
  matches: (event: OutboxEvent) => boolean;
  /** Begins to read what will be selected of a page of changed entities: one statement for a bulk, not one for each. */
  readAhead?(context: Context, entities: readonly string[]): void;
}

type ReadAhead = (context: object, entities: readonly string[]) => void;

/** A watcher that falls this far behind gets the newest change of each entity instead of every one. */
const MOST_WAITING = 10_000;
const CATCH_UP_PAGE = 5_000;

/**
 * Returns changes as an endless series: with a cursor first what was missed, one change per entity, and a mark; then what happens,
 * and the marks of the clock. Written by hand and not as an async generator: a generator that waits does not notice `return()`,
 * and the subscription of a watcher who leaves would stay.
 */
export async function watch<Context extends OutboxStream>(
  { outbox, tail }: Context,
  { after, matches, readAhead }: Watch<Context>,
): Promise<AsyncIterableIterator<Change, undefined>> {
  const waiting = new Queue(
    (event) => outbox.cursorOf(event.position),
    readAhead as ReadAhead | undefined,
  );
  const since = after == null ? undefined : await outbox.positionOf(after);
  // Follow first, then read the past up to where following began: no gap and no overlap between the two.
  const live: OutboxEvent[][] = [];
  let isLive = since === undefined;
  const { from, requestMark, stop } = await tail.follow({
    events: (events) => {
      const wanted = events.filter(
        (event) => matches(event) && (!since || isAfter(event.position, since)),
      );
      if (wanted.length === 0) return;
      if (isLive) waiting.add(wanted);
      else live.push(wanted);
    },
    // Before the past has been read, the mark that follows it says the same.
    mark: (mark) => isLive && waiting.addMark(mark),
  });
  if (since) {
    try {
      waiting.add(await missed(outbox, since, from, matches));
    } catch (error) {
      stop();
      throw error;
    }
    for (const events of live) waiting.add(events);
    isLive = true;
    requestMark();
  }

  const changes: AsyncIterableIterator<Change, undefined> = {
    next: () => waiting.next(),
    return: () => {
      stop();
      waiting.end();
      return Promise.resolve({ value: undefined, done: true });
    },
    throw: (error) => {
      stop();
      waiting.end();
      return Promise.reject(error as Error);
    },
    [Symbol.asyncIterator]: () => changes,
  };
  return changes;
}

/** The last change of each entity in (since, until], in order. */
async function missed(
  outbox: Outbox,
  since: Position,
  until: Position,
  matches: (event: OutboxEvent) => boolean,
): Promise<OutboxEvent[]> {
  const last = new Map<string, OutboxEvent>();
  let position = since;
  while (isAfter(until, position)) {
    const events = await outbox.read(position, CATCH_UP_PAGE);
    for (const event of events) {
      if (isAfter(event.position, until) || !matches(event)) continue;
      last.delete(event.entity); // so that the map keeps the order of last changes
      last.set(event.entity, event);
    }
    if (events.length < CATCH_UP_PAGE) break;
    position = events[events.length - 1]!.position;
  }
  return [...last.values()];
}

interface WaitingEvent {
  event: OutboxEvent;
  page: Page;
}

type QueueEntry = WaitingEvent | { mark: Mark };

/** Changes that wait for a watcher, and a watcher that waits for changes: one of the two is always empty. */
class Queue {
  readonly #cursorOf: (event: OutboxEvent) => string;
  readonly #readAhead: ReadAhead | undefined;
  #waiting: QueueEntry[] = [];
  #watcher: ((result: IteratorResult<Change, undefined>) => void) | undefined;
  #ended = false;

  constructor(cursorOf: (event: OutboxEvent) => string, readAhead: ReadAhead | undefined) {
    this.#cursorOf = cursorOf;
    this.#readAhead = readAhead;
  }

  add(events: OutboxEvent[]): void {
    if (this.#ended || events.length === 0) return;
    const page = this.#pageOf(new Set(events.map(({ entity }) => entity)));
    this.#waiting.push(...events.map((event) => ({ event, page })));
    if (this.#waiting.length > MOST_WAITING) this.#keepNewestPerEntity();
    this.#deliver();
  }

  addMark(mark: Mark): void {
    if (this.#ended) return;
    // Of marks that follow each other the newest says all.
    const last = this.#waiting.at(-1);
    if (last && 'mark' in last) this.#waiting.pop();
    this.#waiting.push({ mark });
    this.#deliver();
  }

  next(): Promise<IteratorResult<Change, undefined>> {
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    if (this.#waiting.length > 0) return Promise.resolve(this.#shift());
    return new Promise((resolve) => (this.#watcher = resolve));
  }

  end(): void {
    this.#ended = true;
    this.#waiting = [];
    this.#watcher?.({ value: undefined, done: true });
    this.#watcher = undefined;
  }

  #deliver(): void {
    const watcher = this.#watcher;
    if (!watcher) return;
    this.#watcher = undefined;
    watcher(this.#shift());
  }

  #shift(): IteratorResult<Change, undefined> {
    const next = this.#waiting.shift()!;
    if ('mark' in next) {
      const { cursor, at } = next.mark;
      const page = this.#pageOf([]);
      return { value: { cursor, at, entity: null, caughtUp: true, page }, done: false };
    }
    const { event, page } = next;
    const { at, entity } = event;
    const cursor = this.#cursorOf(event);
    return { value: { cursor, at, entity, caughtUp: false, page }, done: false };
  }

  #pageOf(entities: Iterable<string>): Page {
    const ids = [...entities];
    return {
      readAhead: (context) => {
        if (ids.length > 0) this.#readAhead?.(context, ids);
      },
    };
  }

  #keepNewestPerEntity(): void {
    const newest = new Map<string, QueueEntry>();
    for (const waiting of this.#waiting) {
      const key = 'mark' in waiting ? '' : waiting.event.entity;
      newest.delete(key); // so that the map keeps the order of last changes
      newest.set(key, waiting);
    }
    const page = this.#pageOf([...newest.keys()].filter((entity) => entity !== ''));
    this.#waiting = [...newest.values()].map((waiting) =>
      'mark' in waiting ? waiting : { event: waiting.event, page },
    );
  }
}
