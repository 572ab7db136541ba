import type { ClaimSet, Grant } from './claims.js';

/** The things that each role reads of every facility and person in the areas of its token. A role without an entry reads nothing by area. */
export type ReadByArea<What extends string> = ReadonlyMap<string, readonly What[]>;

/** The claims that say which roles somebody has, and for what. */
type Claims = Pick<ClaimSet, 'roles' | 'areas' | 'facilities' | 'organisations' | 'grants'>;

/** Roles that act for what their token names and not by area, whatever areas it names. */
const NEVER_BY_AREA: ReadonlySet<string> = new Set(['hospital', 'professional']);
/** Roles that lead by area, and act for no facility that stands in their token for another role. */
const NEVER_BY_FACILITY: ReadonlySet<string> = new Set([
  'dispatch',
  'health-office',
  'crisis-staff',
  'spoc',
  'chamber',
  'supplier',
  'partner',
  'professional',
]);

const grantsOfClaims = new WeakMap<Claims, readonly Grant[]>();

/**
 * Returns the roles of a caller with the areas, facilities and organisations for which each holds: those that the token states role by
 * role, else for each role all of the token that a role of this kind acts for.
 */
export function grantsOf(claims: Claims): readonly Grant[] {
  const known = grantsOfClaims.get(claims);
  if (known !== undefined) return known;
  const { roles, areas, facilities, organisations } = claims;
  const stated = claims.grants ?? roles.map((role) => ({ role, areas, facilities, organisations }));
  const grants = stated.map((grant) => ({
    role: grant.role,
    areas: NEVER_BY_AREA.has(grant.role) ? [] : grant.areas,
    facilities: NEVER_BY_FACILITY.has(grant.role) ? [] : grant.facilities,
    organisations: grant.organisations,
  }));
  grantsOfClaims.set(claims, grants);
  return grants;
}

/** Returns the roles that read this by area. */
export function rolesThatRead<What extends string>(
  table: ReadByArea<What>,
  what: What,
): ReadonlySet<string> {
  return new Set([...table].flatMap(([role, read]) => (read.includes(what) ? role : [])));
}

/** Returns the areas (AGS prefixes) in which the caller reads this of everybody: those of the roles that read it. */
export function areasToRead<What extends string>(
  table: ReadByArea<What>,
  { claims }: { claims: Claims },
  what: What,
): readonly string[] {
  const grants = grantsOf(claims).filter(({ role }) => table.get(role)?.includes(what));
  return [...new Set(grants.flatMap(({ areas }) => areas))];
}

/** Returns whether an area lies in one of these areas (AGS prefixes). */
export function isInAreas(areas: readonly string[], area: string): boolean {
  return areas.some((one) => area.startsWith(one));
}
