import { type Caller, holdsRole, professionalOf, reachOf } from '../../../shared/identity/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { ProfessionalInput } from '../generated/graphql.js';

/** The people that a caller sees: those of the employers for which they act, themselves, and those whom a chamber or authority oversees. */
export interface Visibility {
  /** Facilities and organisations that the caller acts for. */
  facilities: readonly string[];
  organisations: readonly string[];
  /** The caller's own record; null for none. */
  own: string | null;
  /** Chambers that the caller is. */
  chambers: readonly string[];
  /** Areas (AGS prefixes) in which the caller oversees professions without a chamber. */
  offices: readonly string[];
}

const CHAMBER: ReadonlySet<string> = new Set(['chamber']);
const HEALTH_OFFICE: ReadonlySet<string> = new Set(['health-office']);
const PROFESSIONAL: ReadonlySet<string> = new Set(['professional']);

export function visibilityOf(caller: Pick<Caller, 'claims'>): Visibility {
  const { facilities, organisations } = reachOf(caller, {});
  const own = professionalOf(caller);
  return {
    facilities: facilities.filter(isUuid),
    organisations: organisations.filter(isUuid),
    own: own !== undefined && isUuid(own) ? own : null,
    chambers: reachOf(caller, { roles: CHAMBER }).organisations.filter(isUuid),
    offices: reachOf(caller, { roles: HEALTH_OFFICE }).areas,
  };
}

/** The parameters of `VISIBLE` and `COMPETENT` (statements.ts). */
export function visibilityValues(visibility: Visibility) {
  const { facilities, organisations, own, chambers, offices } = visibility;
  return [facilities, organisations, own, chambers, offices];
}

/** The registrant of a professional: an employer or an organisation of volunteers for which the caller acts, or the person. */
export type Registrant =
  { kind: 'FACILITY' | 'ORGANISATION'; id: string } | { kind: 'PERSON'; id: null };

/** Returns as whom the caller registers a professional; undefined if they may not. */
export function registrantOf(
  caller: Pick<Caller, 'claims'>,
  { employment, memberOf }: Pick<ProfessionalInput, 'employment' | 'memberOf'>,
): Registrant | undefined {
  const { facility, organisation } = employment ?? {};
  const { facilities, organisations } = reachOf(caller, {});
  if (facility != null && facilities.includes(facility)) {
    return { kind: 'FACILITY', id: facility };
  }
  if (organisation != null && organisations.includes(organisation)) {
    return { kind: 'ORGANISATION', id: organisation };
  }
  if (memberOf != null) {
    return organisations.includes(memberOf) ? { kind: 'ORGANISATION', id: memberOf } : undefined;
  }
  return holdsRole(caller, { roles: PROFESSIONAL }) ? { kind: 'PERSON', id: null } : undefined;
}
