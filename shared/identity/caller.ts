import { isInAreas } from './rules.js';
import type { GraphQLError } from 'graphql';
import { callersFault } from '../errors/index.js';
import { claimSetKey, scopesOfRole } from './claims.js';
import type { InternalIdentity } from './internal-tokens.js';

/** The sender of a request, as a subgraph identifies them. */
export type Caller = InternalIdentity;

/**
 * The bounds that a right must cover: a facility, an organisation or a professional by their id, the AGS of the area in which they are, or
 * several of them.
 */
export interface RightBounds {
  facility?: string;
  organisation?: string;
  professional?: string;
  area?: string;
}

/**
 * Returns who is responsible: the pseudonymous id of the human, or of the system, that acts. A mutation always has one; without it
 * callers of equal rights count as one actor, so that nobody can disown a key by omitting the id.
 */
export function actorOf({ subject, claims }: Caller): string {
  return subject ?? claimSetKey(claims);
}

/**
 * Returns whether the caller holds the scope and, where bounds are named, acts for that facility, that organisation, or an area around it,
 * or is that professional. An AGS prefix contains every area that starts with it; the empty one contains Germany. A hospital acts for its
 * facilities alone, and a professional for themselves: an area of the token counts only for scopes that another of its roles gives.
 */
export function may({ claims }: Caller, scope: string, within?: RightBounds): boolean {
  if (!claims.scopes.includes(scope)) return false;
  if (!within) return true;
  if (within.facility !== undefined && claims.facilities.includes(within.facility)) return true;
  if (within.organisation !== undefined && claims.organisations.includes(within.organisation))
    return true;
  if (within.professional !== undefined && claims.professional === within.professional) return true;
  if (within.area === undefined || !isInAreas(claims.areas, within.area)) return false;
  return claims.roles.some((role) => !WITHOUT_AREA.has(role) && scopesOfRole(role).includes(scope));
}

/** Roles that act for nobody by an area. */
const WITHOUT_AREA: ReadonlySet<string> = new Set(['hospital', 'professional']);

/** Throws FORBIDDEN unless the caller may. */
export function permit(caller: Caller, scope: string, within?: RightBounds): void {
  if (!may(caller, scope, within)) throw forbidden(caller, scope);
}

/** The error for a missing right, for those who judge many things and must not stop at the first. */
export function forbidden({ claims }: Caller, scope: string): GraphQLError {
  const { roles, scopes, areas, facilities, organisations, professional } = claims;
  if (!scopes.includes(scope)) {
    return callersFault(
      'FORBIDDEN',
      `This needs the scope ${scope}; the roles of the token (${roles.join(', ') || 'none'}) do not include it.`,
    );
  }
  const bounds = [
    areas.length && roles.some((role) => !WITHOUT_AREA.has(role))
      ? `areas ${areas.map((area) => area || 'DE').join(', ')}`
      : '',
    facilities.length === 1 ? 'one facility' : '',
    facilities.length > 1 ? `${facilities.length} facilities` : '',
    organisations.length === 1 ? 'one organisation' : '',
    organisations.length > 1 ? `${organisations.length} organisations` : '',
    professional === undefined ? '' : 'one professional',
  ].filter(Boolean);
  return callersFault(
    'FORBIDDEN',
    `This needs ${scope} for the facility or its area; the token covers ${bounds.join(' and ') || 'no area and no facility'}.`,
  );
}
