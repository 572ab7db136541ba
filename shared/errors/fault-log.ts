import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { databaseFaultOf } from './database-faults.js';

/** How many equal faults have a line of their own in each window; the others are counted in one. */
const LINES_PER_WINDOW = 5;
const WINDOW_MS = 10_000;
/** How many kinds of faults one window distinguishes, because texts of errors may hold anything; beyond that they count as one. */
const MOST_KINDS = 200;

interface Kind {
  /** The id of the last line that was written. */
  id: string;
  lines: number;
  /** Faults since then, without a line of their own. */
  more: number;
  level: Level;
}

type Level = 'error' | 'warn' | 'info';

/** Fields of a line beside its id; `err` is the cause. */
interface Facts {
  err?: unknown;
  [name: string]: unknown;
}

/**
 * Writes faults to one log: a line for each, and in a storm of equal ones a line that counts the rest. A database that is
 * unavailable fails every request, and thousands of equal lines would hide whatever else happens.
 */
class FaultLog {
  readonly #log: Logger;
  #kinds = new Map<string, Kind>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Returns the id of the line that holds this fault, or one equal to it. */
  record(level: Level, message: string, facts: Facts): string {
    const key = this.#keyOf(message, facts);
    const known = this.#kinds.get(key);
    if (known && known.lines >= LINES_PER_WINDOW) {
      known.more += 1;
      return known.id;
    }
    if (!known && this.#kinds.size === 0) setTimeout(() => this.#summarise(), WINDOW_MS).unref();
    const id = randomUUID();
    this.#kinds.set(key, { id, lines: (known?.lines ?? 0) + 1, more: 0, level });
    this.#log[level]({ id, ...facts }, message);
    return id;
  }

  #summarise(): void {
    const kinds = this.#kinds;
    this.#kinds = new Map();
    for (const { id, more, level } of kinds.values()) {
      if (more > 0) this.#log[level]({ id, more }, `${more} more faults like this one`);
    }
  }

  /** Equal for what differs only in numbers and ids, and for all statements that an unavailable database fails. */
  #keyOf(message: string, { err, subgraph }: Facts): string {
    if (databaseFaultOf(err)) return message;
    const { name, code, message: text } = (err ?? {}) as Record<string, unknown>;
    const kind = [subgraph, name, code, text].map((part) =>
      String(part).replace(/[0-9a-f]*\d[0-9a-f]*/gi, '#'),
    );
    const key = [message, ...kind].join('\n');
    return this.#kinds.has(key) || this.#kinds.size < MOST_KINDS ? key : message;
  }
}

const faultLogs = new WeakMap<Logger, FaultLog>();

/** Writes a fault to the log, see FaultLog. Returns the id under which an operator finds it. */
export function recordFault(
  log: Logger,
  message: string,
  facts: Facts,
  level: Level = 'error',
): string {
  let faults = faultLogs.get(log);
  if (!faults) faultLogs.set(log, (faults = new FaultLog(log)));
  return faults.record(level, message, facts);
}
