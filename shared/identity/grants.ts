import type { Caller } from './caller.js';
import { type ClaimSet, type Grant, scopesOfRole } from './claims.js';
import { grantsOf } from './rules.js';

/** Where rights hold: AGS prefixes, and the ids of facilities and of organisations. */
export interface Reach {
  areas: readonly string[];
  facilities: readonly string[];
  organisations: readonly string[];
}

/** The roles of a caller that count: those that give the scope, those of these names, or those that are both. */
export interface Counting {
  scope?: string;
  roles?: ReadonlySet<string>;
}

function countingGrants(claims: ClaimSet, { scope, roles }: Counting): readonly Grant[] {
  if (scope !== undefined && !claims.scopes.includes(scope)) return [];
  return grantsOf(claims).filter(({ role }) => {
    if (roles !== undefined && !roles.has(role)) return false;
    return scope === undefined || scopesOfRole(role).includes(scope);
  });
}

/** Returns whether the caller has a role that counts, wherever it holds. */
export function holdsRole({ claims }: Pick<Caller, 'claims'>, counting: Counting): boolean {
  return countingGrants(claims, counting).length > 0;
}

/**
 * Returns where the roles that count hold. A right is never judged by the areas of one role and the scope of another: a caller who is dispatch
 * in one Kreis and health office in another leads nothing in the second.
 */
export function reachOf({ claims }: Pick<Caller, 'claims'>, counting: Counting): Reach {
  const grants = countingGrants(claims, counting);
  const all = (bounds: 'areas' | 'facilities' | 'organisations') => [
    ...new Set(grants.flatMap((grant) => grant[bounds])),
  ];
  return {
    areas: all('areas'),
    facilities: all('facilities'),
    organisations: all('organisations'),
  };
}

/** Returns the caller with the areas of these roles alone; what they act for by its id stays. */
export function limitAreas<C extends Pick<Caller, 'claims'>>(
  caller: C,
  roles: ReadonlySet<string>,
): C {
  const { claims } = caller;
  const grants = grantsOf(claims).map((grant) =>
    roles.has(grant.role) ? grant : { ...grant, areas: [] },
  );
  const areas = [...new Set(grants.flatMap((grant) => grant.areas))];
  return { ...caller, claims: { ...claims, areas, grants } };
}
