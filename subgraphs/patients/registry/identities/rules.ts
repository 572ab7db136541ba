import type { Named } from '../../capacity-client/rules.js';
import type { CasualtyInput, InvalidIdentity, PatientErased } from '../../generated/graphql.js';
import type { Identity } from './seal.js';

const SHORTEST_PURPOSE = 5;
const LONGEST_PURPOSE = 500;
const LONGEST_NAME = 200;

/** Searches by tag that one person may make in a minute: enough for a night at the telephone, too few to guess tags. */
export const MOST_SEARCHES = 30;
export const SEARCHES_COUNTED_SECONDS = 60;

/** What is wrong with the words that say why a person is looked at; undefined when nothing is. */
export function purposeFault(
  field: 'purpose' | 'reason',
  text: string,
): { code: 'FORBIDDEN' | 'BAD_USER_INPUT'; message: string } | undefined {
  const expected = `${field} says what it is for in ${SHORTEST_PURPOSE} to ${LONGEST_PURPOSE} characters, because it is kept in the audit`;
  const length = text.trim().length;
  // Nobody may look without saying why: that is no slip of the pen but a missing right.
  if (length === 0) return { code: 'FORBIDDEN', message: `${expected}; nothing came.` };
  if (length >= SHORTEST_PURPOSE && text.length <= LONGEST_PURPOSE) return undefined;
  return { code: 'BAD_USER_INPUT', message: `${expected}; ${length} came.` };
}

export function patientErased(erasedAt: Date): Named<PatientErased> {
  return {
    __typename: 'PatientErased',
    message: `What tells of this patient was erased on ${erasedAt.toISOString()}, and nothing new is kept. If he is treated again, register him anew.`,
    since: erasedAt,
  };
}

/** How long until the next search; undefined while one may be made. */
export function waitSeconds(searches: number, oldest: Date | null, now: Date): number | undefined {
  if (searches < MOST_SEARCHES || oldest === null) return undefined;
  const free = oldest.getTime() + SEARCHES_COUNTED_SECONDS * 1_000;
  return Math.max(1, Math.ceil((free - now.getTime()) / 1_000));
}

/** What is wrong with the words that say who somebody is; undefined when nothing is. */
export function identityFault(
  { name, dateOfBirth }: Pick<CasualtyInput, 'name' | 'dateOfBirth'>,
  today: string,
): Named<InvalidIdentity> | undefined {
  if (name != null && (name.trim() === '' || name.length > LONGEST_NAME)) {
    return {
      __typename: 'InvalidIdentity',
      message: `A name has 1 to ${LONGEST_NAME} characters; ${name.length} came. Leave it out if it is not known.`,
      field: 'name',
    };
  }
  if (dateOfBirth != null && !isDateUpTo(today, dateOfBirth)) {
    return {
      __typename: 'InvalidIdentity',
      message: `A date of birth is written YYYY-MM-DD and lies between 1880-01-01 and ${today}. Leave it out if it is not known.`,
      field: 'dateOfBirth',
    };
  }
  return undefined;
}

function isDateUpTo(today: string, text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text > today || text < '1880-01-01') return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Who somebody is as it is kept; null where nothing is known. */
export function identityOf({
  name,
  dateOfBirth,
}: Pick<CasualtyInput, 'name' | 'dateOfBirth'>): Identity | null {
  if (name == null && dateOfBirth == null) return null;
  return { name: name?.trim() ?? null, dateOfBirth: dateOfBirth ?? null };
}
