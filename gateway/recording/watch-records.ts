import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { claimSetKey } from '../../shared/identity/claims.js';
import type { InternalIdentity } from '../../shared/identity/internal-tokens.js';
import type { Read, Reader } from './read-recorder.js';

/** Where the reads of a subscription are recorded. */
export interface Recording {
  subgraph: string;
  /** The operation that stores it. */
  operation: string;
}

/** What of a subscription is recorded. */
export interface RecordedWatch {
  recordings: readonly Recording[];
  /** The field of Subscription. */
  field: string;
  /** JSON of its arguments. */
  criteria: string;
  /** Name that the client gave the operation. */
  operation: string | null;
}

type StoreRecord = (recording: Recording, read: Read, reader: Reader) => Promise<void>;

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/** Records that subscriptions in which persons are read begin and end. */
export class WatchRecords {
  readonly #record: StoreRecord;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(record: StoreRecord, log: Logger) {
    this.#record = record;
    this.#log = log;
  }

  /** Resolves once it is stored; nothing may be delivered before. */
  async began(watch: RecordedWatch, identity: InternalIdentity): Promise<void> {
    await this.#store('BEGAN', watch, identity, { id: randomUUID() });
  }

  /** Tries until it is stored, or the gateway ends: its subgraph may be away, and the subscription over because of that. */
  ended(watch: RecordedWatch, identity: InternalIdentity, messages: number): void {
    const facts = { id: randomUUID(), messages, at: new Date().toISOString() };
    const storing = this.#keepTrying(() => this.#store('ENDED', watch, identity, facts));
    this.#underWay.add(storing);
    void storing.finally(() => this.#underWay.delete(storing));
  }

  /** Tries once more what is not stored yet. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#underWay);
  }

  async #keepTrying(store: () => Promise<void>): Promise<void> {
    const { signal } = this.#closing;
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
      const isLast = signal.aborted;
      try {
        await store();
        return;
      } catch (err) {
        if (!isLast) {
          await pause(wait, undefined, { signal, ref: false }).catch(() => {});
          continue;
        }
        this.#log.error({ err }, 'the end of a subscription could not be recorded');
        return;
      }
    }
  }

  async #store(
    phase: 'BEGAN' | 'ENDED',
    { recordings, field, criteria, operation }: RecordedWatch,
    { claims, subject }: InternalIdentity,
    facts: { id: string; messages?: number; at?: string },
  ): Promise<void> {
    const watched = { phase, field, criteria, claims: JSON.stringify(claims) };
    const reader = { by: subject ?? claimSetKey(claims), operation, ...facts };
    await Promise.all(recordings.map((recording) => this.#record(recording, { watched }, reader)));
  }
}
