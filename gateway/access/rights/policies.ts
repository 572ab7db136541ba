import type { ClaimSet } from '../../../shared/identity/index.js';

/** Depends on the claim set alone: callers who share a response have nothing else in common. */
export type Policy = (claims: ClaimSet) => boolean;

/** The names that `@policy` may use in a subgraph's schema. A supergraph that uses another one is refused. */
export const POLICIES: ReadonlyMap<string, Policy> = new Map<string, Policy>([
  // The caller is responsible for all of Germany: the area is the empty prefix.
  ['germany-wide', ({ areas }) => areas.includes('')],
  // The caller acts for at least one facility.
  ['for-a-facility', ({ facilities }) => facilities.length > 0],
]);
