/** The end of the year 9999, in milliseconds since 1970. JavaScript and PostgreSQL both hold every instant up to it. */
const LATEST = 253_402_300_799_999;

/**
 * Whether a value is an instant by which a list may be ordered: milliseconds since 1970, up to the year 9999. A cursor
 * that holds another number was not made here, and neither JavaScript nor PostgreSQL need to know what to do with it.
 */
export function isInstant(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LATEST;
}
