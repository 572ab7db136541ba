import type { InternalIdentity } from '../../shared/identity/index.js';
import { networkOf } from './client-network.js';

/** A client, as its verified token describes it. */
export interface ClientIdentity extends InternalIdentity {
  subject: string;
  expiresAt: Date;
}

/** The party that is charged for a request. */
export interface Caller {
  key: string;
  /** Whether it is a system rather than a person; a system may spend more. */
  isService: boolean;
  /** Of the token. */
  roles?: readonly string[];
}

/** The subject of the token, or the address where there is no token, which suffices for introspection. */
export function callerOf(identity: ClientIdentity | undefined, address: string): Caller {
  if (!identity) return { key: `address ${networkOf(address)}`, isService: false };
  return {
    key: `subject ${identity.subject}`,
    isService: identity.claims.roles.includes('service'),
    roles: identity.claims.roles,
  };
}
