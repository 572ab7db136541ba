import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** A value that is encrypted in a row of its own columns. */
export interface SealedField {
  keyId: string;
  nonce: Buffer;
  /** Ciphertext, then 16 bytes of authentication tag. */
  sealed: Buffer;
}

const KEY_BYTES = 32;
/** 96 bits, as NIST SP 800-38D recommends for GCM; drawn at random, which is safe for 2^32 values under one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts values with AES-256-GCM. The id of the row is authenticated along with the value, so that a value that was moved to
 * another row does not decrypt. The first key encrypts; all of them decrypt, so that a key is rotated by putting a new one before
 * it.
 */
export class FieldSeal<Value> {
  readonly #keys: Map<string, Buffer>;
  readonly #current: string;

  /** `use` names what the keys are for: it makes the id of the same key another in another use. */
  constructor(use: string, keys: readonly Buffer[]) {
    this.#keys = new Map(keys.map((key) => [keyIdOf(use, key), key]));
    this.#current = keyIdOf(use, keys[0]!);
  }

  seal(row: string, value: Value): SealedField {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.get(this.#current)!, nonce);
    cipher.setAAD(Buffer.from(row));
    const text = Buffer.from(JSON.stringify(value));
    const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    return { keyId: this.#current, nonce, sealed };
  }

  /** Throws when no known key has the id, and when the value was changed or belongs to another row. */
  open(row: string, { keyId, nonce, sealed }: SealedField): Value {
    const key = this.#keys.get(keyId);
    if (!key) throw new Error(`A field is sealed with the key ${keyId}, which is not known here.`);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(row));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString()) as Value;
  }
}

/** Reads keys of 32 bytes in base64, separated by commas. Throws with what is wrong, never with a key. */
export function keysFrom(text: string): Buffer[] {
  const keys = text.split(',').map((part) => Buffer.from(part.trim(), 'base64'));
  const short = keys.findIndex((key) => key.length !== KEY_BYTES);
  if (short < 0) return keys;
  throw new Error(
    `key ${short + 1} of ${keys.length} has ${keys[short]!.length} bytes instead of ${KEY_BYTES}; make one with \`openssl rand -base64 32\``,
  );
}

/** Distinguishes keys without revealing anything about them. */
function keyIdOf(use: string, key: Buffer): string {
  return createHash('sha256').update(`vierblatt ${use} key`).update(key).digest('hex').slice(0, 16);
}
