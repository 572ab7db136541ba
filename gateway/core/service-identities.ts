import type { InternalIdentity } from '../../shared/identity/index.js';

/** The gateway as a service of the hub, without any rights of its own. */
export const GATEWAY_IDENTITY: InternalIdentity = {
  claims: { roles: [], scopes: [], areas: [], facilities: [], organisations: [] },
};

/** The gateway when it records reads; no other identity has this right. */
export const RECORDER_IDENTITY: InternalIdentity = {
  claims: { roles: [], scopes: ['reads:record'], areas: [], facilities: [], organisations: [] },
};
