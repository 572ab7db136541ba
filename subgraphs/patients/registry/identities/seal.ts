import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Who a patient is, beyond his tag. */
export interface Identity {
  name: string | null;
  /** ISO 8601 date, without a time. */
  dateOfBirth: string | null;
}

export interface SealedIdentity {
  keyId: string;
  nonce: Buffer;
  /** Ciphertext, then 16 bytes of authentication tag. */
  sealed: Buffer;
}

const KEY_BYTES = 32;
/** 96 bits, as NIST SP 800-38D recommends for GCM; drawn at random, which is safe for 2^32 names under one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals identities with AES-256-GCM. The patient's id is sealed along with them, so a row moved to another patient does not
 * open. The first key seals; all of them open, so that a key can be rotated by putting a new one before it.
 */
export class IdentitySeal {
  readonly #keys: Map<string, Buffer>;
  readonly #current: string;

  constructor(keys: readonly Buffer[]) {
    this.#keys = new Map(keys.map((key) => [keyIdOf(key), key]));
    this.#current = keyIdOf(keys[0]!);
  }

  seal(patient: string, identity: Identity): SealedIdentity {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.get(this.#current)!, nonce);
    cipher.setAAD(Buffer.from(patient));
    const text = Buffer.from(JSON.stringify([identity.name, identity.dateOfBirth]));
    const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    return { keyId: this.#current, nonce, sealed };
  }

  /** Throws when the key is not known here or the row was tampered with. */
  open(patient: string, { keyId, nonce, sealed }: SealedIdentity): Identity {
    const key = this.#keys.get(keyId);
    if (!key) {
      throw new Error(
        `An identity is sealed with the key ${keyId}, which PATIENTS_DATA_KEY lacks.`,
      );
    }
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(patient));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    const [name, dateOfBirth] = JSON.parse(text.toString()) as [string | null, string | null];
    return { name, dateOfBirth };
  }
}

/** Reads `PATIENTS_DATA_KEY`: keys of 32 bytes in base64, separated by commas. Throws with what is wrong, never with a key. */
export function keysFrom(text: string): Buffer[] {
  const keys = text.split(',').map((part) => Buffer.from(part.trim(), 'base64'));
  const short = keys.findIndex((key) => key.length !== KEY_BYTES);
  if (short < 0) return keys;
  throw new Error(
    `key ${short + 1} of ${keys.length} has ${keys[short]!.length} bytes instead of ${KEY_BYTES}; make one with \`openssl rand -base64 32\``,
  );
}

/** Tells keys apart without telling anything about them. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256')
    .update('vierblatt identity key')
    .update(key)
    .digest('hex')
    .slice(0, 16);
}
