import { type Fault, invalid, type WithTypename } from '../../../../shared/validation/rules.js';
import type { CasualtyInput, InvalidIdentity, PatientErased } from '../../generated/graphql.js';
import type { Identity } from './seal.js';

const SHORTEST_PURPOSE = 5;
const LONGEST_PURPOSE = 500;
const LONGEST_NAME = 200;

/** Maximum number of searches by tag by one person in a minute: enough for a telephone service, too few to guess tags. */
export const MOST_SEARCHES = 30;
export const SEARCHES_COUNTED_SECONDS = 60;

/** Returns the fault of a stated purpose or reason; undefined if it has none. */
export function purposeFault(field: 'purpose' | 'reason', text: string): Fault | undefined {
  const expected = `${field} states the purpose in ${SHORTEST_PURPOSE} to ${LONGEST_PURPOSE} characters for the audit`;
  const length = text.trim().length;
  // An empty purpose is a missing right, not a typing error.
  if (length === 0) return { code: 'FORBIDDEN', message: `${expected}; received nothing.` };
  if (length >= SHORTEST_PURPOSE && text.length <= LONGEST_PURPOSE) return undefined;
  return `${expected}; received ${length}.`;
}

export function patientErased(erasedAt: Date): WithTypename<PatientErased> {
  return {
    __typename: 'PatientErased',
    message: `The personal data of this patient was erased on ${erasedAt.toISOString()}, and new data is not stored. Register the person again if they need treatment again.`,
    since: erasedAt,
  };
}

/** Returns the seconds until the next search is allowed; undefined if it is allowed now. */
export function waitSeconds(searches: number, oldest: Date | null, now: Date): number | undefined {
  if (searches < MOST_SEARCHES || oldest === null) return undefined;
  const free = oldest.getTime() + SEARCHES_COUNTED_SECONDS * 1_000;
  return Math.max(1, Math.ceil((free - now.getTime()) / 1_000));
}

/** Returns the refusal of an invalid name or date of birth; undefined if both are valid. */
export function judgeIdentity(
  { name, dateOfBirth }: Pick<CasualtyInput, 'name' | 'dateOfBirth'>,
  today: string,
): WithTypename<InvalidIdentity> | undefined {
  if (name != null && (name.trim() === '' || name.length > LONGEST_NAME)) {
    return invalid(
      'InvalidIdentity',
      'name',
      `A name has 1 to ${LONGEST_NAME} characters; received ${name.length}. Omit it if it is not known.`,
    );
  }
  if (dateOfBirth != null && !isDateUpTo(today, dateOfBirth)) {
    return invalid(
      'InvalidIdentity',
      'dateOfBirth',
      `A date of birth is written YYYY-MM-DD and lies between 1880-01-01 and ${today}. Omit it if it is not known.`,
    );
  }
  return undefined;
}

function isDateUpTo(today: string, text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text > today || text < '1880-01-01') return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Returns the identity to store; null if neither name nor date of birth is known. */
export function identityOf({
  name,
  dateOfBirth,
}: Pick<CasualtyInput, 'name' | 'dateOfBirth'>): Identity | null {
  if (name == null && dateOfBirth == null) return null;
  return { name: name?.trim() ?? null, dateOfBirth: dateOfBirth ?? null };
}
