import { AsyncResource } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import { currentSpan } from './current-span.js';

/** What is sent to a database: its text, or an object that has one and perhaps a name. */
type Sent = string | { name?: string; text?: string; submit?: unknown } | undefined;
type Query = (sent: Sent, ...rest: unknown[]) => unknown;
type Answered = (error: (Error & { code?: string }) | null, ...rest: unknown[]) => void;

/**
 * A span for each statement that is made for somebody; those of timers are made for nobody. It tells the statement's name,
 * or verb and table; never its text, of which we do not swear that no value stands in it, and never its values.
 */
export function traceStatements(pool: Pool): void {
  pool.on('connect', traceClient);
  const connect = pool.connect.bind(pool) as (answered?: Answered) => unknown;
  // A connection that somebody gives back goes to whoever waits, in the middle of what the former does.
  pool.connect = ((answered?: Answered) =>
    connect(answered && AsyncResource.bind(answered))) as typeof pool.connect;
}

function traceClient(client: PoolClient): void {
  const query = client.query.bind(client) as Query;
  client.query = ((sent: Sent, ...rest: unknown[]) => {
    const parent = currentSpan();
    if (!parent || isStream(sent)) return query(sent, ...rest);
    const name = statementName(sent);
    const span = parent.begin(
      name,
      { 'db.system.name': 'postgresql', 'db.query.summary': name },
      'client',
    );
    const answered = rest.at(-1);
    if (typeof answered === 'function') {
      const ending: Answered = (error, ...result) => {
        span.end(error ? (error.code ?? 'broken') : undefined);
        (answered as Answered)(error, ...result);
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

/** One that answers by and by, and has no end to wait for. */
function isStream(sent: Sent): boolean {
  return typeof sent === 'object' && typeof sent.submit === 'function';
}

/** Our own name for a statement, otherwise its verb and the first table or function it names. */
export function statementName(sent: Sent): string {
  if (typeof sent === 'object' && sent.name) return sent.name;
  const text = (typeof sent === 'object' ? sent.text : sent) ?? '';
  const verb = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'STATEMENT';
  const table = /\b(?:from|into|update)\s+(?:"?public"?\.)?"?([a-z_]\w*)/i.exec(text)?.[1];
  return table === undefined ? verb : `${verb} ${table}`;
}
