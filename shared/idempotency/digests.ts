import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { Pool } from 'pg';

/** Names what the derived key is for, so that it is of no use for anything else. */
const PURPOSE = 'vierblatt idempotent calls';
const DIGEST_KEY_BYTES = 32;

/** The digest under which a key is stored, and those under which it may have been stored. */
interface KeyDigests {
  /** With the current secret. */
  current: string;
  /** With earlier secrets, and as calls were stored before their digests were keyed. */
  earlier: string[];
}

interface InputDigests {
  current: string;
  /** Worked out for a repetition alone: an input may be long. */
  earlier: () => string[];
}

/**
 * Digests of keys and inputs of calls. Inputs name persons, and clients make keys of what they have at hand; a digest without
 * a key would reveal a name and a birthday to anyone who tries all of them. The key is derived from a secret that lies outside
 * the database. All replicas of a service need the same secrets, otherwise a repetition is not known.
 */
export class CallDigests {
  readonly #current: Buffer;
  readonly #earlier: Buffer[];

  /** The first secret digests; calls that were digested with another are still known. */
  constructor(secrets: readonly Buffer[]) {
    const [current, ...earlier] = secrets.map((secret) =>
      Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, DIGEST_KEY_BYTES)),
    );
    if (!current) throw new Error('Calls cannot be digested without a secret.');
    this.#current = current;
    this.#earlier = earlier;
  }

  /** Bound to the caller, so that equal keys of two callers have different digests. */
  ofKey(caller: string, key: string): KeyDigests {
    const text = JSON.stringify(['key', caller, key]);
    return { current: digest(this.#current, text), earlier: [...this.#before(text), key] };
  }

  /** GraphQL gives an input's fields in the schema's order, so equal inputs read the same. */
  ofInput(caller: string, input: { idempotencyKey: string }): InputDigests {
    const text = JSON.stringify(['input', caller, input]);
    const unkeyed = () => createHash('sha256').update(JSON.stringify(input)).digest('hex');
    return {
      current: digest(this.#current, text),
      earlier: () => [...this.#before(text), unkeyed()],
    };
  }

  /** Of what else is stored as a digest and comes from what persons are like; equal texts have equal ones. */
  ofText(text: string): string {
    return digest(this.#current, JSON.stringify(['text', text]));
  }

  #before(text: string): string[] {
    return this.#earlier.map((key) => digest(key, text));
  }
}

function digest(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

const digestsByPool = new WeakMap<Pool, CallDigests>();

/** Says with which secrets the calls that a database stores are digested; once, before the first call. */
export function digestCallsOf(pool: Pool, secrets: readonly Buffer[]): void {
  digestsByPool.set(pool, new CallDigests(secrets));
}

export function digestsOf(pool: Pool): CallDigests {
  const digests = digestsByPool.get(pool);
  if (digests) return digests;
  throw new Error('This database stores no calls: digestCallsOf() has not said with which secret.');
}
