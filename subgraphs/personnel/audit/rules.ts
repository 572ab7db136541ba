import { periodFault } from '../../../shared/audit/rules.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { PersonnelAuditFilter } from '../generated/graphql.js';

/**
 * Returns the fault of a filter of the audit; undefined if it has none. The list for a mistyped filter must not look as if nobody
 * had read anything.
 */
export function filterFault({ person, from, until }: PersonnelAuditFilter): string | undefined {
  if (person != null && !isUuid(person)) {
    return `person is a \`Professional.id\`, a UUID; received "${person.slice(0, 100)}".`;
  }
  return periodFault(from, until);
}
