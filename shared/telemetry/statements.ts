import { AsyncResource } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import { currentSpan } from './current-span.js';

/** A statement as it is sent to a database: its text, or an object that has one and perhaps a name. */
type StatementArguments = string | { name?: string; text?: string; submit?: unknown } | undefined;
type Query = (sent: StatementArguments, ...rest: unknown[]) => unknown;
type QueryCallback = (error: (Error & { code?: string }) | null, ...rest: unknown[]) => void;

/**
 * Makes a span for each statement of a request; those of timers have none. It has the statement's name,
 * or verb and table; never its text, of which we do not swear that no value stands in it, and never its values.
 */
export function traceStatements(pool: Pool): void {
  pool.on('connect', traceClient);
  const connect = pool.connect.bind(pool) as (callback?: QueryCallback) => unknown;
  // A released connection goes to the next waiter at once, while its former user still runs.
  pool.connect = ((callback?: QueryCallback) =>
    connect(callback && AsyncResource.bind(callback))) as typeof pool.connect;
}

function traceClient(client: PoolClient): void {
  const query = client.query.bind(client) as Query;
  client.query = ((sent: StatementArguments, ...rest: unknown[]) => {
    const parent = currentSpan();
    if (!parent || isStream(sent)) return query(sent, ...rest);
    const name = statementName(sent);
    const span = parent.begin(
      name,
      { 'db.system.name': 'postgresql', 'db.query.summary': name },
      'client',
    );
    const callback = rest.at(-1);
    if (typeof callback === 'function') {
      const ending: QueryCallback = (error, ...result) => {
        span.end(error ? (error.code ?? 'broken') : undefined);
        (callback as QueryCallback)(error, ...result);
      };
      return query(sent, ...rest.slice(0, -1), ending);
    }
    return (query(sent, ...rest) as Promise<unknown>).then(
      (result) => {
        span.end();
        return result;
      },
      (error: unknown) => {
        span.end((error as { code?: string }).code ?? 'broken');
        throw error;
      },
    );
  }) as typeof client.query;
}

/** A stream, which responds piece by piece and has no end to wait for. */
function isStream(sent: StatementArguments): boolean {
  return typeof sent === 'object' && typeof sent.submit === 'function';
}

/** Our own name for a statement, otherwise its verb and the first table or function it names. */
export function statementName(sent: StatementArguments): string {
  if (typeof sent === 'object' && sent.name) return sent.name;
  const text = (typeof sent === 'object' ? sent.text : sent) ?? '';
  const verb = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'STATEMENT';
  const table = /\b(?:from|into|update)\s+(?:"?public"?\.)?"?([a-z_]\w*)/i.exec(text)?.[1];
  return table === undefined ? verb : `${verb} ${table}`;
}
