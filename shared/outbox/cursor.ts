import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** A position in a database's stream of events: which commit, and which event of that commit. */
export interface Position {
  pos: number;
  seq: number;
}

/** Stands for "all events of that commit". */
export const WHOLE_COMMIT = 2 ** 48 - 1;

export function isAfter(a: Position, b: Position): boolean {
  return a.pos > b.pos || (a.pos === b.pos && a.seq > b.seq);
}

const NONCE = 12;
const POSITION_BYTES = 12; // 6 bytes of pos, 6 of seq
const AUTHENTICATION = 16;
/** 40 bytes in base64url; and what releases before gave, which nobody can open safely any more. */
const CURSOR = /^([\w-]{54}|[\w-]{22})$/;

/**
 * Encrypts positions as cursors and decrypts them: AES-256-GCM under keys of the database and the subgraph. A cursor reveals
 * neither how much happens nor how far apart two are, and a changed or foreign one does not open. The cursor of a moment has a
 * random nonce: a holder who sees nothing of what happens could otherwise compare two texts and learn whether anything did. The
 * nonce of an event is derived from its position, because the holders of its cursor received the event; they all have the same
 * text, by which the gateway recognizes that they stand at the same position.
 */
export class CursorSeal {
  readonly #key: Buffer;
  readonly #nonceKey: Buffer;

  constructor(subgraph: string, epochKey: string) {
    const keyFor = (use: string) =>
      Buffer.from(hkdfSync('sha256', epochKey, '', `${use} of ${subgraph}`, 32));
    this.#key = keyFor('cursors');
    this.#nonceKey = keyFor('nonces');
  }

  seal(position: Position): string {
    const bytes = Buffer.alloc(POSITION_BYTES);
    bytes.writeUIntBE(position.pos, 0, 6);
    bytes.writeUIntBE(position.seq, 6, 6);
    const nonce = position.seq === WHOLE_COMMIT ? randomBytes(NONCE) : this.#nonceOf(bytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** The position, `malformed` for what was never a cursor, `foreign` for one of another database, or a changed one. */
  open(cursor: string): Position | 'malformed' | 'foreign' {
    if (!CURSOR.test(cursor)) return 'malformed';
    const sealedBytes = Buffer.from(cursor, 'base64url');
    // The last character holds bits that mean nothing; only one text is the cursor.
    if (
      sealedBytes.length !== NONCE + POSITION_BYTES + AUTHENTICATION ||
      sealedBytes.toString('base64url') !== cursor
    ) {
      return 'foreign';
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealedBytes.subarray(0, NONCE), {
      authTagLength: AUTHENTICATION,
    });
    decipher.setAuthTag(sealedBytes.subarray(NONCE + POSITION_BYTES));
    const bytes = decipher.update(sealedBytes.subarray(NONCE, NONCE + POSITION_BYTES));
    try {
      decipher.final();
    } catch {
      return 'foreign';
    }
    return { pos: bytes.readUIntBE(0, 6), seq: bytes.readUIntBE(6, 6) };
  }

  #nonceOf(bytes: Buffer): Buffer {
    return createHmac('sha256', this.#nonceKey).update(bytes).digest().subarray(0, NONCE);
  }
}
