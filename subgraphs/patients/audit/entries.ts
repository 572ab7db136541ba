import type { Reader as SharedReader } from '../../../shared/audit/index.js';
import type { AuditAction, AuditPurpose } from '../generated/graphql.js';

/** One read of patient detail; all readers of one response share it. */
export interface Reading {
  action: AuditAction;
  purpose: AuditPurpose;
  statedPurpose: string | null;
  found: boolean;
  /** Path of fields to the disclosed objects, such as `incident.patients`. */
  field: string | null;
  /** Arguments by field. */
  criteria: object | null;
  patients: readonly string[];
  count: number;
  transfer: string | null;
  /** Incident of a reading that names no patient. */
  incident: string | null;
  /** Roles of the readers. */
  roles: readonly string[];
  /** AGS prefixes of a reading that names no patient. */
  areas: readonly string[];
  /** Facilities of the readers and of the criteria. */
  facilities: readonly string[];
  /** Facilities of the readers alone; missing in reports of earlier versions. */
  readerFacilities?: readonly string[];
}

/** One reader of a reading. */
export interface Reader extends SharedReader {
  /** Replaces the count of the reading. */
  count?: number;
  /** Instant of the read; if omitted, now. */
  at?: Date;
}

/** Fields that most entries leave empty. */
export const NO_DETAIL = {
  statedPurpose: null,
  field: null,
  criteria: null,
  transfer: null,
  incident: null,
} as const;
