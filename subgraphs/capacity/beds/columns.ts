import { omit, pick } from '../../../shared/database/index.js';
import { bedColumns, bedReportColumns } from '../generated/columns.js';

/** Identify a report: repeating one under the same key changes nothing. */
export const REPORT_KEY = pick(bedReportColumns, 'facilityId', 'category', 'source', 'observedAt');

/** The columns that a source states of the beds; two reports under one key that differ in it conflict. */
export const STATED = omit(
  bedReportColumns,
  ...(['facilityId', 'category', 'source', 'observedAt', 'method', 'receivedAt'] as const),
);

/** An accepted report, before it is received: the rows that STORE_REPORTS is given. */
export const ACCEPTED = omit(bedColumns, 'receivedAt', 'stalenessTold');

/** Where a number comes from. */
export const PROVENANCE = pick(
  bedColumns,
  ...(['source', 'method', 'observedAt', 'receivedAt', 'late'] as const),
);

/** The report in force, as far as it is shown. */
export const IN_FORCE = omit(bedColumns, 'tier', 'stalenessTold');

/** Columns that the function beds_at returns itself; it returns all others in the row `report`. */
const RETURNED = [
  ...([
    'facilityId',
    'category',
    'operable',
    'occupied',
    'blocked',
    'status',
    'limitations',
  ] as const),
  ...(['staleAt', 'source', 'method', 'observedAt', 'receivedAt', 'late'] as const),
] as const;
export const OF_FUNCTION = pick(IN_FORCE, ...RETURNED);
export const OF_REPORT = omit(IN_FORCE, ...RETURNED);
