import type { Caller } from '../../../shared/identity/index.js';
import type { AuditAction, AuditPurpose } from '../generated/graphql.js';
import { isId } from '../access/index.js';

/** What was read: the same for all who get the same response. */
export interface Reading {
  action: AuditAction;
  purpose: AuditPurpose;
  statedPurpose: string | null;
  found: boolean;
  /** The fields that lead to what was shown, such as `incident.patients`. */
  field: string | null;
  /** Arguments by field. */
  criteria: object | null;
  patients: readonly string[];
  count: number;
  transfer: string | null;
  /** Where no patient says it. */
  incident: string | null;
  /** Of the readers. */
  roles: readonly string[];
  /** AGS prefixes that stand for the place of a read that names no patient. */
  areas: readonly string[];
  /** Of the readers, and what the criteria name. */
  facilities: readonly string[];
  /** Of the readers alone; missing in what a service of an earlier version reports. */
  readerFacilities?: readonly string[];
}

/** One who read it. */
export interface Reader {
  /** Of the record, so that one that is sent again is stored once. */
  id: string;
  by: string;
  operation: string | null;
  /** Instead of the count of the reading. */
  count?: number;
  /** When, if not now. */
  at?: Date;
}

/** What an entry takes from the reader's claims. */
export function ofReader({ claims }: Pick<Caller, 'claims'>) {
  const { roles, areas, facilities } = claims;
  const own = facilities.filter(isId);
  return { roles, areas, facilities: own, readerFacilities: own };
}

/** What most entries leave empty. */
export const NO_DETAIL = {
  statedPurpose: null,
  field: null,
  criteria: null,
  transfer: null,
  incident: null,
} as const;
