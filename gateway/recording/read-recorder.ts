/** Records of one request. */
const MOST_TOGETHER = 1_000;
/** Characters of what was read, of one request. */
const LONGEST_TOGETHER = 1_000_000;
/** Requests under way at the same time: what comes meanwhile goes together in the next. */
const MOST_AT_ONCE = 4;

/** A subscription that began or ended. */
export interface Watched {
  phase: 'BEGAN' | 'ENDED';
  /** The field of Subscription. */
  field: string;
  /** JSON of its arguments. */
  criteria: string;
  /** JSON of the claim set of those who watch. */
  claims: string;
}

/** What was read: a text of the subgraph's response, or a subscription. */
export type Read = { disclosed: string } | { watched: Watched };

/** One caller who read it. */
export interface Reader {
  /** A UUID, by which a record that is sent again is known. */
  id: string;
  /** Pseudonym. */
  by: string;
  operation: string | null;
  /** Of a subscription that ended: how many messages it delivered, and when it did. */
  messages?: number;
  at?: string;
}

/** Reads as they are sent, each with all its readers. */
export type Reads = (Read & { readers: Reader[] })[];

interface Waiting {
  /** The operation that stores it. */
  operation: string;
  read: Read;
  reader: Reader;
  resolve: () => void;
  reject: (cause: unknown) => void;
}

/**
 * Has one subgraph store who read what, many records in one request: what a thousand callers share costs one request for all of
 * them, and says once what they read.
 */
export class ReadRecorder {
  readonly #send: (operation: string, reads: Reads) => Promise<void>;
  #waiting: Waiting[] = [];
  #underWay = 0;
  #isScheduled = false;

  constructor(send: (operation: string, reads: Reads) => Promise<void>) {
    this.#send = send;
  }

  /** Resolves once the record is stored. Rejects when it may not be: then nothing that was read may leave. */
  record(operation: string, read: Read, reader: Reader): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operation, read, reader, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#underWay >= MOST_AT_ONCE || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#sendSome();
      this.#schedule();
    });
  }

  async #sendSome(): Promise<void> {
    const some = this.#next();
    const [first] = some;
    if (!first) return;
    this.#underWay += 1;
    try {
      await this.#send(first.operation, together(some));
      for (const { resolve } of some) resolve();
    } catch (cause) {
      for (const { reject } of some) reject(cause);
    } finally {
      this.#underWay -= 1;
      this.#schedule();
    }
  }

  /** Those that wait longest and are stored by the same operation, as far as they fit. */
  #next(): Waiting[] {
    const operation = this.#waiting[0]?.operation;
    const [some, rest]: Waiting[][] = [[], []];
    const texts = new Set<string>();
    let length = 0;
    for (const one of this.#waiting) {
      const text = textOf(one.read);
      const added = texts.has(text) ? 0 : text.length;
      const isFull = some!.length === MOST_TOGETHER || length + added > LONGEST_TOGETHER;
      if (one.operation !== operation || (isFull && some!.length > 0)) {
        rest!.push(one);
        continue;
      }
      some!.push(one);
      texts.add(text);
      length += added;
    }
    this.#waiting = rest!;
    return some!;
  }
}

function together(some: readonly Waiting[]): Reads {
  const reads = new Map<string, Read & { readers: Reader[] }>();
  for (const { read, reader } of some) {
    const text = textOf(read);
    const known = reads.get(text);
    if (known) known.readers.push(reader);
    else reads.set(text, { ...read, readers: [reader] });
  }
  return [...reads.values()];
}

function textOf(read: Read): string {
  return 'disclosed' in read ? read.disclosed : JSON.stringify(read.watched);
}
