import type { ClaimSet } from '../../shared/identity/claims.js';

/** Far below the time for which a minted token stays valid after it was handed out. */
const REMEMBERED_MS = 5_000;

/**
 * The token last minted for a claim set, by the object itself: to find the same claim set by what it holds takes as long as
 * a small fetch.
 */
export class RememberedTokens {
  readonly #tokens = new WeakMap<ClaimSet, { token: string; at: number }>();

  of(claims: ClaimSet): string | undefined {
    const known = this.#tokens.get(claims);
    // By the clock that the token's end is read from: one that jumps, either way, ends what was remembered.
    return known && Math.abs(Date.now() - known.at) < REMEMBERED_MS ? known.token : undefined;
  }

  remember(claims: ClaimSet, token: string): void {
    this.#tokens.set(claims, { token, at: Date.now() });
  }
}
