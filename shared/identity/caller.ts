import { isInAreas } from './rules.js';
import type { GraphQLError } from 'graphql';
import { callersFault } from '../errors/index.js';
import { claimSetKey, ROLES } from './claims.js';
import { holdsRole, reachOf } from './grants.js';
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

/** The role of those who act for themselves. */
const PROFESSIONAL: ReadonlySet<string> = new Set(['professional']);

/**
 * Returns who is responsible: the pseudonymous id of the human, or of the system, that acts. A mutation always has one; without it
 * callers of equal rights count as one actor, so that nobody can disown a key by omitting the id.
 */
export function actorOf({ subject, claims }: Caller): string {
  return subject ?? claimSetKey(claims);
}

/**
 * Returns whether the caller holds the scope and, where bounds are named, a role that gives it acts for that facility, that organisation,
 * or an area around it, or is that professional. An AGS prefix contains every area that starts with it; the empty one contains Germany. A hospital acts for its
 * facilities alone, a professional for themselves, and an area counts only for the roles for which the token names it.
 */
export function may(caller: Caller, scope: string, within?: RightBounds): boolean {
  if (!caller.claims.scopes.includes(scope)) return false;
  if (!within) return true;
  const { facility, organisation, professional, area } = within;
  const reach = reachOf(caller, { scope });
  return (
    (facility !== undefined && reach.facilities.includes(facility)) ||
    (organisation !== undefined && reach.organisations.includes(organisation)) ||
    (professional !== undefined && isProfessional(caller, scope, professional)) ||
    (area !== undefined && isInAreas(reach.areas, area))
  );
}

/** Whether the caller is the professional, and has the scope as one. */
function isProfessional(caller: Caller, scope: string, id: string): boolean {
  return caller.claims.professional === id && holdsRole(caller, { scope, roles: PROFESSIONAL });
}

/** Returns the id of the caller's own record as a professional; undefined for none. */
export function professionalOf({ claims }: Pick<Caller, 'claims'>): string | undefined {
  return claims.professional;
}

/** Throws FORBIDDEN unless the caller may. */
export function permit(caller: Caller, scope: string, within?: RightBounds): void {
  if (!may(caller, scope, within)) throw forbidden(caller, scope);
}

/** The names of the roles of clients that have a scope, as a part of a sentence. */
export function rolesWith(scope: string): string {
  const names = Object.keys(ROLES).filter((role) => ROLES[role]!.includes(scope));
  return names.length === 0 ? 'no role of a client' : `role ${names.join(' or ')}`;
}

/** The error for a missing right, for those who judge many things and must not stop at the first. */
export function forbidden(caller: Caller, scope: string): GraphQLError {
  const { roles, scopes, professional } = caller.claims;
  if (!scopes.includes(scope)) {
    return callersFault(
      'FORBIDDEN',
      `This needs the scope ${scope} (${rolesWith(scope)}); the roles of the token (${roles.join(', ') || 'none'}) do not include it.`,
    );
  }
  const { areas, facilities, organisations } = reachOf(caller, { scope });
  const bounds = [
    areas.length > 0 ? `areas ${areas.map((area) => area || 'DE').join(', ')}` : '',
    facilities.length === 1 ? 'one facility' : '',
    facilities.length > 1 ? `${facilities.length} facilities` : '',
    organisations.length === 1 ? 'one organisation' : '',
    organisations.length > 1 ? `${organisations.length} organisations` : '',
    professional === undefined ? '' : 'one professional',
  ].filter(Boolean);
  return callersFault(
    'FORBIDDEN',
    `This needs ${scope} for the facility, organisation or area that the request names; the token covers ${bounds.join(' and ') || 'no area and no facility'}.`,
  );
}
