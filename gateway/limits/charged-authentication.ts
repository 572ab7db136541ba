import { GraphQLError } from 'graphql';
import type { Authenticate } from '../access/index.js';
import type { SecurityEvents } from '../monitoring/index.js';
import type { Admission } from './admission.js';
import { callerOf, type ClientIdentity } from '../core/index.js';

/** Turns an `authorization` header and the address of its sender into an identity. */
export type AuthenticateFrom = (authorization: unknown, address: string) => Promise<ClientIdentity>;

/**
 * Authenticates, and charges the address of a sender without an accepted token; refuses it with TOO_MUCH once the budget of the
 * address is used up. A request with an accepted token is charged to its subject, whatever the address has spent.
 */
export function chargedAuthentication(
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
      await admission.chargeRefusedToken(caller);
      throw error;
    }
  };
}
