import type { Caller } from '../identity/index.js';
import { isUuid } from '../validation/rules.js';

/** One reader of an entry. */
export interface Reader {
  /** Id of the record, so that a repeated record is stored once. */
  id: string;
  /** Pseudonym of the caller. */
  by: string;
  /** Name that the caller gave the operation; null for none. */
  operation: string | null;
}

/** Returns the fields of an entry that the reader's claims decide. */
export function ofReader({ claims }: Pick<Caller, 'claims'>) {
  const { roles, areas, facilities } = claims;
  const own = facilities.filter(isUuid);
  return { roles, areas, facilities: own, readerFacilities: own };
}
