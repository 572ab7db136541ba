import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../database/transaction.js';
import { callersFault } from '../errors/callers-fault.js';
import { actorOf, type Caller } from '../identity/caller.js';

/** How long a repeated call gets the first one's result. */
export const KEPT_HOURS = 24;
const LONGEST_KEY = 200;

/** The rules' no, as every refusal of the schema is: its name and a message. */
export interface Refusal {
  __typename: string;
  message: string;
}

/** A call that must not be done twice. */
export interface Call {
  caller: Caller;
  /** The mutation field. */
  field: string;
  /** The whole input, `idempotencyKey` included. */
  input: { idempotencyKey: string };
  now: Date;
}

/** The key was used for something else. */
export interface IdempotencyKeyReused extends Refusal {
  __typename: 'IdempotencyKeyReused';
  field: string;
}

export function isRefused<T extends object>(outcome: T): outcome is Extract<T, Refusal> {
  return 'message' in outcome && '__typename' in outcome;
}

/**
 * Does something once per caller and key, however often and however much at once it is asked for. `act` works in a
 * transaction that also keeps its result; a refusal undoes it and leaves the key free, so that the caller may try again.
 * What is kept must survive JSON: give a reference, `{ __typename, id }`, and let it be read anew.
 *
 * Two equal calls at once: the second waits at the key's row until the first is done, then gets its result. Every
 * transaction takes the key before any other lock, so that keys and rows are never waited for in a circle.
 */
export function once<Outcome extends object>(
  pool: Pool,
  call: Call,
  act: (db: PoolClient) => Promise<Outcome>,
): Promise<Outcome | IdempotencyKeyReused> {
  const key = keyOf(call);
  return inTransaction(
    pool,
    async (db): Promise<Outcome | IdempotencyKeyReused> => {
      const digest = digestOf(call.input);
      if (!(await isFirst(db, call, key, digest))) return earlier<Outcome>(db, call, key, digest);
      const outcome = await act(db);
      if (!isRefused(outcome)) await keepResult(db, call, key, outcome);
      return outcome;
    },
    (outcome) => !isRefused(outcome),
  );
}

/**
 * What came of a call that was done before; undefined when it was not, or is being done. For those who prepare a long time
 * before `once`: a repetition need not prepare anew.
 */
export async function doneBefore<Outcome extends object>(
  pool: Pool,
  call: Call,
): Promise<Outcome | IdempotencyKeyReused | undefined> {
  const key = keyOf(call);
  const { rows } = await pool.query<Earlier<Outcome>>({
    name: 'idempotency-done-before',
    text: 'SELECT field, digest, result FROM idempotent_call WHERE caller = $1 AND key = $2 AND at > $3',
    values: [actorOf(call.caller), key, keptSince(call.now)],
  });
  return rows[0] && resultOf(rows[0], call, key, digestOf(call.input));
}

/** Forgets one call, so that its key may be used again: for an act that came to nothing after its key was kept. */
export async function forgetCall(
  pool: Pool,
  caller: Caller,
  field: string,
  key: string,
): Promise<void> {
  await pool.query('DELETE FROM idempotent_call WHERE caller = $1 AND key = $2 AND field = $3', [
    actorOf(caller),
    key,
    field,
  ]);
}

/** Forgets calls of which no repetition is expected any more. */
export async function forgetCalls(pool: Pool, now: Date): Promise<void> {
  await pool.query('DELETE FROM idempotent_call WHERE at <= $1', [keptSince(now)]);
}

/** Takes the key. A row past its time, which may still be there, is as good as none. */
async function isFirst(
  db: PoolClient,
  { caller, field, now }: Call,
  key: string,
  digest: string,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'idempotency-take',
    text: `INSERT INTO idempotent_call AS c (caller, key, field, digest, at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (caller, key) DO UPDATE
           SET field = excluded.field, digest = excluded.digest, at = excluded.at, result = NULL
           WHERE c.at <= $6`,
    values: [actorOf(caller), key, field, digest, now, keptSince(now)],
  });
  return rowCount === 1;
}

async function earlier<Outcome>(
  db: PoolClient,
  call: Call,
  key: string,
  digest: string,
): Promise<Outcome | IdempotencyKeyReused> {
  const { rows } = await db.query<Earlier<Outcome>>({
    name: 'idempotency-earlier',
    text: 'SELECT field, digest, result FROM idempotent_call WHERE caller = $1 AND key = $2',
    values: [actorOf(call.caller), key],
  });
  return resultOf(rows[0]!, call, key, digest);
}

interface Earlier<Outcome> {
  field: string;
  digest: string;
  result: Outcome;
}

function resultOf<Outcome>(
  before: Earlier<Outcome>,
  { field }: Call,
  key: string,
  digest: string,
): Outcome | IdempotencyKeyReused {
  if (before.field === field && before.digest === digest) return before.result;
  return {
    __typename: 'IdempotencyKeyReused',
    message: `The idempotencyKey ${key} was used for another ${before.field} within the last ${KEPT_HOURS} hours. Give every new wish a key of its own, and repeat a call with exactly its first input.`,
    field: before.field,
  };
}

async function keepResult(
  db: PoolClient,
  { caller }: Call,
  key: string,
  outcome: object,
): Promise<void> {
  await db.query({
    name: 'idempotency-keep',
    text: 'UPDATE idempotent_call SET result = $3 WHERE caller = $1 AND key = $2',
    values: [actorOf(caller), key, JSON.stringify(outcome)],
  });
}

function keyOf({ input: { idempotencyKey } }: Call): string {
  if (idempotencyKey.trim() !== '' && idempotencyKey.length <= LONGEST_KEY) return idempotencyKey;
  throw callersFault(
    'BAD_USER_INPUT',
    `idempotencyKey has 1 to ${LONGEST_KEY} characters; ${idempotencyKey.length} came. A random UUID for every new wish will do.`,
  );
}

/** GraphQL gives an input's fields in the schema's order, so equal inputs read the same. */
function digestOf(input: object): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('hex');
}

function keptSince(now: Date): Date {
  return new Date(now.getTime() - KEPT_HOURS * 3_600_000);
}
