import type { ClientIdentity } from '../access/authentication/authentication.js';
import { networkOf } from './client-network.js';

/** Who is charged. */
export interface Caller {
  key: string;
  /** A system rather than a person; it may spend more. */
  isService: boolean;
  /** Of the token. */
  roles?: readonly string[];
}

/** The subject of the token; without one, which is enough for questions about the schema, the address. */
export function callerOf(identity: ClientIdentity | undefined, address: string): Caller {
  if (!identity) return { key: `address ${networkOf(address)}`, isService: false };
  return {
    key: `subject ${identity.subject}`,
    isService: identity.claims.roles.includes('service'),
    roles: identity.claims.roles,
  };
}
