import type { ClaimSet } from '../../../shared/identity/claims.js';

/** Judges by the claim set alone: it is all that those who share an answer have in common. */
export type Policy = (claims: ClaimSet) => boolean;

/** The names that `@policy` may use in a subgraph's schema. A supergraph that uses another one is refused. */
export const POLICIES: ReadonlyMap<string, Policy> = new Map<string, Policy>([
  // Whoever is responsible for all of Germany: its area is the empty prefix.
  ['germany-wide', ({ areas }) => areas.includes('')],
  // Whoever speaks for at least one facility.
  ['for-a-facility', ({ facilities }) => facilities.length > 0],
]);
