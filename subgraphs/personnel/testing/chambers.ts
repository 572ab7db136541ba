import { CHAMBERS } from '../reference/index.js';

/** Returns the ids of the chambers that are competent for a profession. */
export function chambersOfProfession(oid: string): string[] {
  return CHAMBERS.filter(({ professions }) => professions.includes(oid)).map(({ id }) => id);
}
