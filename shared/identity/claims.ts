import { readFileSync } from 'node:fs';
import { areaToday } from '../areas/index.js';
import { projectPath } from '../root.js';

/**
 * The rights of a caller and where they hold, without the person. Two callers with equal claim sets get equal responses,
 * so this is also the key under which the gateway deduplicates requests in flight.
 */
export interface ClaimSet {
  /** Role names of shared/roles.json. */
  readonly roles: readonly string[];
  /** `concept:verb` rights that follow from the roles. */
  readonly scopes: readonly string[];
  /** AGS prefixes of 0, 2, 3 or 5 digits; the empty string is all of Germany, no entry is no area. */
  readonly areas: readonly string[];
  /** Ids of the facilities the caller acts for. */
  readonly facilities: readonly string[];
  /** Ids of the organisations the caller acts for: suppliers, pharmacies, depots. */
  readonly organisations: readonly string[];
  /** Each role with what it holds for, where the token says so role by role; the fields above are their sum, and give no right by themselves. */
  readonly grants?: readonly Grant[];
  /** Id of the caller's own record as a professional, where the issuer states one. */
  readonly professional?: string;
  /** Level within the crisis staff, where the issuer states one. */
  readonly level?: string;
  /** The world that is meant; left out in the live one. */
  readonly world?: string;
}

/** A role, and where it holds. */
export interface Grant {
  readonly role: string;
  readonly areas: readonly string[];
  readonly facilities: readonly string[];
  readonly organisations: readonly string[];
}

/** The table of the roles that clients may have, and their scopes. */
export const ROLES = JSON.parse(readFileSync(projectPath('shared/roles.json'), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>;

/**
 * The role of the hub's own services when they call each other. It is none of `ROLES`: a client's token that names it gets nothing
 * of it, and `npm run token` knows no such role. See docs/decisions/0031.
 */
const SUBGRAPH_ROLE = 'subgraph';
const SUBGRAPH_SCOPES: readonly string[] = [
  'facilities:read',
  'regions:read',
  'reservations:create',
  'reservations:read',
  'reservations:settle',
  'sustainability:declare',
  'supply:read',
];

/** Returns the rights of a service of the hub in another one: those that its operations need, in all of Germany. */
export function subgraphClaims(): ClaimSet {
  return {
    roles: [SUBGRAPH_ROLE],
    scopes: SUBGRAPH_SCOPES,
    areas: [''],
    facilities: [],
    organisations: [],
  };
}

/** The scopes that a role gives, be it a client's or that of the hub's services. */
export function scopesOfRole(role: string): readonly string[] {
  if (role === SUBGRAPH_ROLE) return SUBGRAPH_SCOPES;
  return Object.hasOwn(ROLES, role) ? ROLES[role]! : [];
}

/**
 * Turns the claims of a client's token into a claim set. Unknown roles give no scope; an area that does not exist is dropped,
 * because a right that cannot be read is no right. The key of a former Kreis gives the right for its successor. A token that has `grants`
 * says everything there: its other roles and areas are ignored, because they do not say which belong together.
 */
export function claimSetFrom(claims: Record<string, unknown>): ClaimSet {
  const grants = claims['grants'] === undefined ? undefined : grantsFrom(claims['grants']);
  const parts = grants ?? [boundsFrom(claims)];
  const roles = grants?.map(({ role }) => role) ?? knownRoles(claims['roles']);
  const { level, professional } = claims;
  return {
    roles: sorted(roles),
    scopes: sorted(roles.flatMap(scopesOfRole)),
    areas: sorted(parts.flatMap(({ areas }) => areas)),
    facilities: sorted(parts.flatMap(({ facilities }) => facilities)),
    organisations: sorted(parts.flatMap(({ organisations }) => organisations)),
    ...(grants && { grants }),
    ...(typeof professional === 'string' ? { professional } : {}),
    ...(typeof level === 'string' ? { level } : {}),
  };
}

/** Reads `grants`: a list of `{ role, areas, facilities, organisations }`, in one order whatever the order they were written in. */
function grantsFrom(value: unknown): Grant[] {
  const stated = Array.isArray(value) ? (value as unknown[]) : [];
  const byText = new Map<string, Grant>();
  for (const entry of stated) {
    if (typeof entry !== 'object' || entry === null) continue;
    const claims = entry as Record<string, unknown>;
    for (const role of knownRoles([claims['role']])) {
      const grant = { role, ...boundsFrom(claims) };
      byText.set(JSON.stringify(grant), grant);
    }
  }
  return [...byText].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, grant]) => grant);
}

function boundsFrom(claims: Record<string, unknown>): Omit<Grant, 'role'> {
  return {
    areas: sorted(texts(claims['areas']).flatMap((area) => areaToday(area) ?? [])),
    facilities: sorted(texts(claims['facilities'])),
    organisations: sorted(texts(claims['organisations'])),
  };
}

function knownRoles(value: unknown): string[] {
  return texts(value).filter((role) => Object.hasOwn(ROLES, role));
}

const keys = new WeakMap<ClaimSet, string>();

/** One text for equal claim sets, whatever the order their issuer wrote them in. A claim set never changes. */
export function claimSetKey(claims: ClaimSet): string {
  const known = keys.get(claims);
  if (known !== undefined) return known;
  const { roles, scopes, areas, facilities, organisations, grants, professional, level, world } =
    claims;
  const key = JSON.stringify([
    roles,
    scopes,
    areas,
    facilities,
    organisations,
    professional ?? null,
    level ?? null,
    world ?? null,
    grants?.map(({ role, ...bounds }) => [
      role,
      bounds.areas,
      bounds.facilities,
      bounds.organisations,
    ]) ?? null,
  ]);
  keys.set(claims, key);
  return key;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function sorted(values: string[]): string[] {
  return [...new Set(values)].sort();
}
