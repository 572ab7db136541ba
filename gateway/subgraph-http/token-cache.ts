import type { ClaimSet } from '../../shared/identity/index.js';

/** Far below the time for which a minted token stays valid. */
const LIFETIME_MS = 5_000;

/**
 * The token last minted for a claim set, by the identity of the object: to look a claim set up by its contents takes as long
 * as a small fetch.
 */
export class TokenCache {
  readonly #tokens = new WeakMap<ClaimSet, { token: string; at: number }>();

  get(claims: ClaimSet): string | undefined {
    const cached = this.#tokens.get(claims);
    // By the clock that also decides when the token expires: a clock that jumps, either way, empties the cache.
    return cached && Math.abs(Date.now() - cached.at) < LIFETIME_MS ? cached.token : undefined;
  }

  set(claims: ClaimSet, token: string): void {
    this.#tokens.set(claims, { token, at: Date.now() });
  }
}
