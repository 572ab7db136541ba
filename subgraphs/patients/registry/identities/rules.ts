import type { Named } from '../../capacity-client/facility-areas/rules.js';
import type { PatientErased } from '../../generated/graphql.js';

const SHORTEST_PURPOSE = 5;
const LONGEST_PURPOSE = 500;

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
    erasedAt,
  };
}

/** How long until the next search; undefined while one may be made. */
export function waitSeconds(searches: number, oldest: Date | null, now: Date): number | undefined {
  if (searches < MOST_SEARCHES || oldest === null) return undefined;
  const free = oldest.getTime() + SEARCHES_COUNTED_SECONDS * 1_000;
  return Math.max(1, Math.ceil((free - now.getTime()) / 1_000));
}
