import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../database/index.js';
import { throwIfFault } from '../errors/index.js';
import { actorOf, type Caller } from '../identity/index.js';
import { HOUR_MS } from '../time/rules.js';
import { isRefused, keyFault, type Refusal } from '../validation/rules.js';
import { digestsOf, type CallDigests } from './digests.js';

/** How long a repeated call gets the first one's result. */
export const KEPT_HOURS = 24;

/** A call that must not be done twice. */
export interface Call {
  caller: Caller;
  /** The mutation field. */
  field: string;
  /** The whole input, `idempotencyKey` included. */
  input: { idempotencyKey: string };
  now: Date;
}

/** How an outcome is stored where it holds words of the input, which may be about a person. */
export interface StoredForm<Outcome> {
  /** The outcome without the words. */
  reduce(outcome: Outcome): object;
  /** The outcome again; a caller who repeats a call sends the same input. */
  restore(stored: object): Outcome;
}

/** The key was used for something else. */
export interface IdempotencyKeyReused extends Refusal {
  __typename: 'IdempotencyKeyReused';
  field: string;
}

/**
 * Does something once per caller and key, however often and however many calls come at once. `act` works in a
 * transaction that also keeps its result; a refusal undoes it and leaves the key free, so that the caller may try again.
 * What is kept must survive JSON and hold no word about a person: give a reference, `{ __typename, id }`, and let it be read
 * again; where words are part of it, `stored` says how it is kept without them.
 *
 * Two equal calls at once: the second waits at the key's row until the first is done, then gets its result. Every
 * transaction takes the key before any other lock, so that keys and rows are never waited for in a circle.
 */
export function runOnce<Outcome extends object>(
  pool: Pool,
  call: Call,
  act: (db: PoolClient) => Promise<Outcome>,
  stored?: StoredForm<Outcome>,
): Promise<Outcome | IdempotencyKeyReused> {
  const digested = digest(pool, call);
  return inTransaction(
    pool,
    async (db): Promise<Outcome | IdempotencyKeyReused> => {
      if (!(await isFirst(db, digested))) {
        const before = await earlier<Outcome>(db, digested);
        return resultOf(before!, digested, stored);
      }
      const outcome = await act(db);
      if (!isRefused(outcome)) {
        await keepResult(db, digested, stored ? stored.reduce(outcome) : outcome);
      }
      return outcome;
    },
    (outcome) => !isRefused(outcome),
  );
}

/**
 * Returns the outcome of a call that was done before; undefined when it was not, or is being done. For callers that prepare a long time
 * before `runOnce`: a repetition need not prepare again.
 */
export async function doneBefore<Outcome extends object>(
  pool: Pool,
  call: Call,
): Promise<Outcome | IdempotencyKeyReused | undefined> {
  const digested = digest(pool, call);
  const before = await earlier<Outcome>(pool, digested);
  return before && resultOf(before, digested);
}

/** Forgets one call, so that its key may be used again: for an act that failed after its key was stored. */
export async function forgetCall(
  pool: Pool,
  caller: Caller,
  field: string,
  key: string,
): Promise<void> {
  const { current, earlier } = digestsOf(pool).ofKey(actorOf(caller), key);
  await pool.query(
    'DELETE FROM idempotent_call WHERE caller = $1 AND key_digest = ANY ($2) AND field = $3',
    [actorOf(caller), [current, ...earlier], field],
  );
}

/** Forgets calls of which no repetition is expected any more. */
export async function forgetCalls(pool: Pool, now: Date): Promise<void> {
  await pool.query('DELETE FROM idempotent_call WHERE at <= $1', [keptSince(now)]);
}

/** A call as the database knows it. */
interface CallDigest {
  call: Call;
  caller: string;
  key: ReturnType<CallDigests['ofKey']>;
  input: ReturnType<CallDigests['ofInput']>;
  since: Date;
}

function digest(pool: Pool, call: Call): CallDigest {
  const [digests, caller] = [digestsOf(pool), actorOf(call.caller)];
  return {
    call,
    caller,
    key: digests.ofKey(caller, keyOf(call)),
    input: digests.ofInput(caller, call.input),
    since: keptSince(call.now),
  };
}

/** Takes the key. A row past its time, which may still be there, is as good as none. */
async function isFirst(
  db: PoolClient,
  { call, caller, key, input, since }: CallDigest,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'idempotency-store-key',
    text: `INSERT INTO idempotent_call AS c (caller, key_digest, field, input_digest, at)
           SELECT $1, $2, $3, $4, $5
           WHERE NOT EXISTS (SELECT FROM idempotent_call o WHERE o.caller = $1 AND o.key_digest = ANY ($7::text[]) AND o.at > $6)
           ON CONFLICT (caller, key_digest) DO UPDATE
           SET field = excluded.field, input_digest = excluded.input_digest, at = excluded.at, result = NULL
           WHERE c.at <= $6`,
    values: [caller, key.current, call.field, input.current, call.now, since, key.earlier],
  });
  return rowCount === 1;
}

async function earlier<Outcome>(
  db: Pool | PoolClient,
  { caller, key, since }: CallDigest,
): Promise<Earlier<Outcome> | undefined> {
  const { rows } = await db.query<Earlier<Outcome>>({
    name: 'idempotency-earlier',
    text: `SELECT field, input_digest AS "inputDigest", result FROM idempotent_call
           WHERE caller = $1 AND key_digest = ANY ($2::text[]) AND at > $3`,
    values: [caller, [key.current, ...key.earlier], since],
  });
  return rows[0];
}

interface Earlier<Outcome> {
  field: string;
  inputDigest: string;
  /** Null only in the transaction in which the call is done. */
  result: Outcome | null;
}

function resultOf<Outcome extends object>(
  before: Earlier<Outcome>,
  { call, input }: CallDigest,
  stored?: StoredForm<Outcome>,
): Outcome | IdempotencyKeyReused {
  const { field } = call;
  const isSame =
    before.inputDigest === input.current || input.earlier().includes(before.inputDigest);
  if (before.field === field && isSame) {
    return stored ? stored.restore(before.result!) : before.result!;
  }
  return {
    __typename: 'IdempotencyKeyReused',
    message: `The idempotencyKey ${call.input.idempotencyKey} was used for another ${before.field} within the last ${KEPT_HOURS} hours. Give every new request a key of its own, and repeat a call with exactly its first input.`,
    field: before.field,
  };
}

async function keepResult(
  db: PoolClient,
  { caller, key }: CallDigest,
  outcome: object,
): Promise<void> {
  await db.query({
    name: 'idempotency-keep',
    text: 'UPDATE idempotent_call SET result = $3 WHERE caller = $1 AND key_digest = $2',
    values: [caller, key.current, JSON.stringify(outcome)],
  });
}

function keyOf({ input: { idempotencyKey } }: Call): string {
  throwIfFault(keyFault(idempotencyKey));
  return idempotencyKey;
}

function keptSince(now: Date): Date {
  return new Date(now.getTime() - KEPT_HOURS * HOUR_MS);
}
