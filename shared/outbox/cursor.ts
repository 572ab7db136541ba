import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** A place in a database's stream of events: which commit, and which event of that commit. */
export interface Position {
  pos: number;
  seq: number;
}

/** Stands for "all events of that commit". */
export const WHOLE_COMMIT = 2 ** 48 - 1;

export function isAfter(a: Position, b: Position): boolean {
  return a.pos > b.pos || (a.pos === b.pos && a.seq > b.seq);
}

const LENGTH = 16; // one AES block: 4 bytes of mark, 6 of pos, 6 of seq

/**
 * Turns positions into cursors and back. A cursor is one block, encrypted under the database's own key: it tells its
 * holder neither how much happens nor how far apart two cursors are, and a cursor of another subgraph or database
 * decrypts to nonsense. One fixed block needs no chaining and no padding.
 */
export class CursorSeal {
  readonly #key: Buffer;
  readonly #mark: Buffer;

  constructor(subgraph: string, epochKey: string) {
    this.#key = createHash('sha256').update(epochKey).digest().subarray(0, 16);
    this.#mark = createHash('sha256').update(subgraph).digest().subarray(0, 4);
  }

  seal({ pos, seq }: Position): string {
    const block = Buffer.alloc(LENGTH);
    this.#mark.copy(block);
    block.writeUIntBE(pos, 4, 6);
    block.writeUIntBE(seq, 10, 6);
    const cipher = createCipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    return cipher.update(block).toString('base64url');
  }

  /** The position, `malformed` for what was never a cursor, `foreign` for one of another database. */
  open(cursor: string): Position | 'malformed' | 'foreign' {
    if (!/^[\w-]{22}$/.test(cursor)) return 'malformed';
    const decipher = createDecipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    const block = decipher.update(Buffer.from(cursor, 'base64url'));
    if (!block.subarray(0, 4).equals(this.#mark)) return 'foreign';
    return { pos: block.readUIntBE(4, 6), seq: block.readUIntBE(10, 6) };
  }
}
