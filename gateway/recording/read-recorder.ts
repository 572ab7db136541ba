/** The largest number of records in one request. */
const MAX_RECORDS = 1_000;
/** The largest number of characters of reads in one request. */
const LONGEST_REQUEST = 1_000_000;
/** Requests in flight at the same time; records that arrive meanwhile share the next one. */
const MAX_CONCURRENT = 4;

/** The beginning or the end of a subscription. */
export interface SubscriptionPhase {
  phase: 'BEGAN' | 'ENDED';
  /** The field of Subscription. */
  field: string;
  /** JSON of its arguments. */
  criteria: string;
  /** JSON of the subscribers' claim set. */
  claims: string;
}

/** A read: a text that the subgraph's response discloses, or a subscription. */
export type ReadContent = { disclosed: string } | { watched: SubscriptionPhase };

/** A caller who read. */
export interface Reader {
  /** A UUID by which the subgraph recognises a record that is sent again. */
  id: string;
  /** Pseudonym. */
  by: string;
  operation: string | null;
  /** For the end of a subscription: the number of delivered messages, and the instant. */
  messages?: number;
  at?: string;
}

/** Reads in the form in which they are sent, each with all its readers. */
export type Reads = (ReadContent & { readers: Reader[] })[];

interface PendingRecord {
  /** The mutation that records it. */
  operation: string;
  read: ReadContent;
  reader: Reader;
  resolve: () => void;
  reject: (cause: unknown) => void;
}

/**
 * Has one subgraph record reads, many in one request: a response that a thousand callers share costs one request, which contains
 * the read once.
 */
export class ReadRecorder {
  readonly #send: (operation: string, reads: Reads) => Promise<void>;
  #waiting: PendingRecord[] = [];
  #inFlight = 0;
  #isScheduled = false;

  constructor(send: (operation: string, reads: Reads) => Promise<void>) {
    this.#send = send;
  }

  /** Resolves once the record is stored. Rejects when it could not be stored: then the response must be withheld. */
  record(operation: string, read: ReadContent, reader: Reader): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operation, read, reader, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#inFlight >= MAX_CONCURRENT || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#sendBatch();
      this.#schedule();
    });
  }

  async #sendBatch(): Promise<void> {
    const batch = this.#next();
    const [first] = batch;
    if (!first) return;
    this.#inFlight += 1;
    try {
      await this.#send(first.operation, groupedReads(batch));
      for (const { resolve } of batch) resolve();
    } catch (cause) {
      for (const { reject } of batch) reject(cause);
    } finally {
      this.#inFlight -= 1;
      this.#schedule();
    }
  }

  /** Takes the oldest records that share one mutation, as far as they fit. */
  #next(): PendingRecord[] {
    const operation = this.#waiting[0]?.operation;
    const [batch, rest]: PendingRecord[][] = [[], []];
    const texts = new Set<string>();
    let length = 0;
    for (const one of this.#waiting) {
      const text = textOf(one.read);
      const added = texts.has(text) ? 0 : text.length;
      const isFull = batch!.length === MAX_RECORDS || length + added > LONGEST_REQUEST;
      if (one.operation !== operation || (isFull && batch!.length > 0)) {
        rest!.push(one);
        continue;
      }
      batch!.push(one);
      texts.add(text);
      length += added;
    }
    this.#waiting = rest!;
    return batch!;
  }
}

function groupedReads(batch: readonly PendingRecord[]): Reads {
  const reads = new Map<string, ReadContent & { readers: Reader[] }>();
  for (const { read, reader } of batch) {
    const text = textOf(read);
    const known = reads.get(text);
    if (known) known.readers.push(reader);
    else reads.set(text, { ...read, readers: [reader] });
  }
  return [...reads.values()];
}

function textOf(read: ReadContent): string {
  return 'disclosed' in read ? read.disclosed : JSON.stringify(read.watched);
}
