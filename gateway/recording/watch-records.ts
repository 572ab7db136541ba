import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { claimSetKey, type InternalIdentity } from '../../shared/identity/index.js';
import { MINUTE_MS } from '../../shared/time/rules.js';
import type { ReadContent, Reader } from './read-recorder.js';

/** The subgraph that records the reads of a subscription. */
export interface Recording {
  subgraph: string;
  /** The mutation that records them. */
  operation: string;
}

/** The recorded facts of a subscription. */
export interface RecordedSubscription {
  recordings: readonly Recording[];
  /** The field of Subscription. */
  field: string;
  /** JSON of its arguments. */
  criteria: string;
  /** Name that the client gave the operation. */
  operation: string | null;
}

type StoreRecord = (recording: Recording, read: ReadContent, reader: Reader) => Promise<void>;

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = MINUTE_MS;

/** Records the beginning and the end of subscriptions that disclose personal data. */
export class SubscriptionRecorder {
  readonly #record: StoreRecord;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(record: StoreRecord, log: Logger) {
    this.#record = record;
    this.#log = log;
  }

  /** Resolves once the beginning is stored; nothing may be delivered before. */
  async recordStart(watch: RecordedSubscription, identity: InternalIdentity): Promise<void> {
    await this.#store('BEGAN', watch, identity, { id: randomUUID() });
  }

  /** Retries until the end is stored or the gateway stops: the subgraph's outage may be what ended the subscription. */
  recordEnd(watch: RecordedSubscription, identity: InternalIdentity, messages: number): void {
    const facts = { id: randomUUID(), messages, at: new Date().toISOString() };
    const storing = this.#retry(() => this.#store('ENDED', watch, identity, facts));
    this.#underWay.add(storing);
    void storing.finally(() => this.#underWay.delete(storing));
  }

  /** Retries once what is not stored yet. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#underWay);
  }

  async #retry(store: () => Promise<void>): Promise<void> {
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
    { recordings, field, criteria, operation }: RecordedSubscription,
    { claims, subject }: InternalIdentity,
    facts: { id: string; messages?: number; at?: string },
  ): Promise<void> {
    const watched = { phase, field, criteria, claims: JSON.stringify(claims) };
    const reader = { by: subject ?? claimSetKey(claims), operation, ...facts };
    await Promise.all(recordings.map((recording) => this.#record(recording, { watched }, reader)));
  }
}
