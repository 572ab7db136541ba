import type { InternalIdentity } from '../../shared/identity/internal-tokens.js';

/** The gateway itself: a service of the hub, and without any rights of its own. */
export const ITSELF: InternalIdentity = {
  claims: { roles: [], scopes: [], areas: [], facilities: [] },
};

/** The gateway where it reports who read what, which nobody else may. */
export const RECORDER: InternalIdentity = {
  claims: { roles: [], scopes: ['reads:record'], areas: [], facilities: [] },
};
