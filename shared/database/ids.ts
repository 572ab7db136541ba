import { createHash, randomUUID } from 'node:crypto';

/**
 * Returns the id of a record of reference data from its key in the source, so that it has one id in every hub and after every
 * import: a UUID of version 8 (custom) from the first bytes of a SHA-256. The key begins with a word for the kind of record.
 */
export function idOfKey(key: string): string {
  const hash = createHash('sha256').update(`vierblatt ${key}`).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80; // version 8: custom
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
}

/**
 * Returns a new id that begins with an instant: a UUID of version 7 (RFC 9562). Rows that are stored one after another lie side by side in
 * the index of their ids, however many there are; with random ids each touches another page of it. The id says when it was made, so it is
 * for rows that say so themselves.
 */
export function idAt(instant: Date): string {
  const time = instant.getTime().toString(16).padStart(12, '0');
  // The random part begins behind the version, which is character 14 of any UUID.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
