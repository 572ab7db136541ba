import { ofReader } from '../../../shared/audit/index.js';
import { callersFault } from '../../../shared/errors/index.js';
import type { ClaimSet } from '../../../shared/identity/index.js';
import type { PatientReadInput, WatchedPatientsInput } from '../generated/graphql.js';
import { idAsKept } from '../../../shared/subgraph/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import { patientVisibilityOf } from '../access/index.js';
import { NO_DETAIL, type Reading } from './entries.js';
import { purposeOf } from './rules.js';
import type { ReadWithReaders } from './store-writing.js';

/** Returns the reads that the gateway reports, as they are stored. Throws BAD_USER_INPUT for a malformed report. */
export function parseReads(reads: readonly PatientReadInput[]): ReadWithReaders[] {
  return reads.map(({ disclosed, watched, readers }) => {
    if (readers.length === 0 || !readers.every(({ id }) => isUuid(id))) {
      throw callersFault('BAD_USER_INPUT', 'Each read has one reader or more, with UUIDs as ids.');
    }
    const reading =
      disclosed != null ? (parsed(disclosed) as Reading) : watched && readingOf(watched);
    if (!reading) throw callersFault('BAD_USER_INPUT', 'A read is `disclosed` or `watched`.');
    return {
      reading,
      readers: readers.map(({ id, by, operation, messages, at }) => ({
        id,
        by,
        operation: operation ?? null,
        ...(messages == null ? {} : { count: messages }),
        ...(at == null ? {} : { at }),
      })),
    };
  });
}

/** Returns the reading of a subscription. It names no patient: its areas are those of its arguments, otherwise of the reader. */
function readingOf({ phase, field, criteria, claims }: WatchedPatientsInput): Reading {
  const given = parsed(criteria) as Record<string, unknown>;
  const caller = { claims: parsed(claims) as ClaimSet };
  const { areas, facilities } = patientVisibilityOf(caller);
  const reader = ofReader(caller);
  const area = given['area'];
  const [facility, incident] = [idOf(given['facility']), idOf(given['incident'])];
  return {
    ...NO_DETAIL,
    ...reader,
    field,
    criteria: { [field]: given },
    found: true,
    action: phase === 'BEGAN' ? 'SUBSCRIPTION_BEGAN' : 'SUBSCRIPTION_ENDED',
    purpose: purposeOf({
      byVehicle: false,
      leadsThere: areas.length > 0,
      forFacility: facilities.length > 0,
    }),
    patients: [],
    count: 0,
    incident,
    areas: typeof area === 'string' ? [area] : reader.areas,
    facilities: [...reader.facilities, ...(facility === null ? [] : [facility])],
  };
}

/** Returns an id that a client gave the gateway, as it is stored; null for any other value. */
function idOf(value: unknown): string | null {
  const id = typeof value === 'string' ? idAsKept(value) : '';
  return isUuid(id) ? id : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw callersFault('BAD_USER_INPUT', 'disclosed, criteria and claims are JSON.');
  }
}
