import type { Caller } from '../../../shared/identity/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { EmploymentInput } from '../generated/graphql.js';

/** Whom a caller sees: the people of the employers for which they act, themselves, and those whom a chamber or authority oversees. */
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

export function visibilityOf({ claims }: Pick<Caller, 'claims'>): Visibility {
  const { roles, areas, professional } = claims;
  const organisations = claims.organisations.filter(isUuid);
  return {
    facilities: claims.facilities.filter(isUuid),
    organisations,
    own: professional !== undefined && isUuid(professional) ? professional : null,
    chambers: roles.includes('chamber') ? organisations : [],
    offices: roles.includes('health-office') ? areas : [],
  };
}

/** The parameters of `VISIBLE` and `COMPETENT` (statements.ts). */
export function visibilityValues(visibility: Visibility) {
  const { facilities, organisations, own, chambers, offices } = visibility;
  return [facilities, organisations, own, chambers, offices];
}

/** Who registers a professional: an employer for which the caller acts, or the person. */
export type Registrant =
  { kind: 'FACILITY' | 'ORGANISATION'; id: string } | { kind: 'PERSON'; id: null };

/** Returns as whom the caller registers a professional with this employment; undefined if they may not. */
export function registrantOf(
  { claims }: Pick<Caller, 'claims'>,
  employment: EmploymentInput | null | undefined,
): Registrant | undefined {
  const { facility, organisation } = employment ?? {};
  if (facility != null && claims.facilities.includes(facility)) {
    return { kind: 'FACILITY', id: facility };
  }
  if (organisation != null && claims.organisations.includes(organisation)) {
    return { kind: 'ORGANISATION', id: organisation };
  }
  return claims.roles.includes('professional') ? { kind: 'PERSON', id: null } : undefined;
}
