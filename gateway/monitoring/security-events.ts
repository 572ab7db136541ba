import { createHmac, randomBytes } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { MINUTE_MS } from '../../shared/time/rules.js';
import type { Caller } from '../core/index.js';

/**
 * Events by which an operator recognises an attack:
 * - `token-missing`, `token-refused`: a request without a token, or with a token that is not accepted;
 * - `forbidden`: a caller requests data that their roles do not allow;
 * - `limit-exceeded`: a caller, or an address, exceeds a limit;
 * - `operation-not-listed`: an operation that is not in the list of this hub;
 * - `enumeration`: a caller requests many objects that do not exist, or that they may not know of.
 */
export type SecurityEvent =
  | 'token-missing'
  | 'token-refused'
  | 'forbidden'
  | 'limit-exceeded'
  | 'operation-not-listed'
  | 'enumeration';

const EVENT_OF_CODE = new Map<unknown, SecurityEvent>([
  ['UNAUTHENTICATED', 'token-missing'],
  ['FORBIDDEN', 'forbidden'],
  ['UNAUTHORIZED_FIELD_OR_TYPE', 'forbidden'],
  ['TOO_MUCH', 'limit-exceeded'],
  ['PERSISTED_QUERY_NOT_IN_LIST', 'operation-not-listed'],
]);

const WINDOW_MS = MINUTE_MS;
const MAX_CALLERS = 10_000;
/** More missing objects than a person requests within a window. */
const MANY_MISSES = 100;

interface Line {
  event: SecurityEvent;
  caller: string;
  /** Equal events since the line was written. */
  more: number;
}

/**
 * Writes security events to the log, without personal data: a caller is a pseudonym that only this process can make and that
 * changes with each start. An event of a caller has one line at once and, a minute later, one that counts those that followed.
 */
export class SecurityEvents {
  readonly #log: Logger;
  readonly #count: (event: SecurityEvent) => void;
  readonly #key = randomBytes(32);
  readonly #misses = new LRUCache<string, { count: number }>({ max: MAX_CALLERS, ttl: WINDOW_MS });
  #lines = new Map<string, Line>();

  /** `count` is called for every event. */
  constructor(log: Logger, count: (event: SecurityEvent) => void) {
    this.#log = log;
    this.#count = count;
  }

  /** Records those errors that are security events. */
  recordErrors(by: Caller, errors: readonly Pick<GraphQLFormattedError, 'extensions'>[]): void {
    const events = errors.map(({ extensions }) => EVENT_OF_CODE.get(extensions?.['code']));
    for (const event of new Set(events)) if (event) this.record(event, by);
  }

  /** Records those errors that are security events in whatever an operation threw: one error, or an object with several. */
  recordThrown(by: Caller, error: unknown): void {
    const { errors } = (error ?? {}) as { errors?: unknown };
    if (error instanceof GraphQLError) this.recordErrors(by, [error]);
    else if (Array.isArray(errors)) this.recordErrors(by, errors as GraphQLError[]);
  }

  /** Counts root fields that are null without an error. */
  countMisses({ key, ...by }: Caller, count: number): void {
    const misses = this.#misses.get(key) ?? { count: 0 };
    const isFew = misses.count < MANY_MISSES;
    misses.count += count;
    if (!this.#misses.has(key)) this.#misses.set(key, misses);
    if (isFew && misses.count >= MANY_MISSES) this.record('enumeration', { key, ...by });
  }

  record(event: SecurityEvent, { key, roles }: Caller, reason?: string): void {
    this.#count(event);
    const known = this.#lines.get(`${event} ${key}`);
    if (known) {
      known.more += 1;
      return;
    }
    if (this.#lines.size >= MAX_CALLERS) return;
    if (this.#lines.size === 0) setTimeout(() => this.#summarise(), WINDOW_MS).unref();
    const caller = createHmac('sha256', this.#key).update(key).digest('base64url').slice(0, 16);
    this.#lines.set(`${event} ${key}`, { event, caller, more: 0 });
    this.#log.warn({ securityEvent: event, caller, roles, reason }, `security event: ${event}`);
  }

  #summarise(): void {
    const lines = this.#lines;
    this.#lines = new Map();
    for (const { event, caller, more } of lines.values()) {
      if (more === 0) continue;
      this.#log.warn(
        { securityEvent: event, caller, more },
        `security event: ${event}, ${more} more within a minute`,
      );
    }
  }
}
