import { GraphQLError } from 'graphql';
import type { Authenticate, ClientIdentity } from '../access/authentication/authentication.js';
import type { SecurityEvents } from '../monitoring/security-events.js';
import type { Admission } from './admission.js';
import { callerOf } from '../core/caller.js';

/** Turns the text of an `authorization` header and the address it came from into an identity. */
export type AuthenticateFrom = (authorization: unknown, address: string) => Promise<ClientIdentity>;

/**
 * The same as `authenticate`, but whoever brings no token that is accepted is charged, by address, and refused with TOO_MUCH
 * once the address has spent what it may. A token that is accepted is charged to its subject, whatever the address has spent.
 */
export function chargedTokens(
  authenticate: Authenticate,
  admission: Admission,
  events: SecurityEvents,
): AuthenticateFrom {
  return async (authorization, address) => {
    try {
      return await authenticate(authorization);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      if (error.extensions['code'] !== 'UNAUTHENTICATED') throw error;
      const caller = callerOf(undefined, address);
      events.record(authorization === undefined ? 'token-missing' : 'token-refused', caller);
      await admission.refusedToken(caller);
      throw error;
    }
  };
}
