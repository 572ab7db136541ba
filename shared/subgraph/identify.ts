import { callersFault } from '../errors/callers-fault.js';
import type { Caller } from '../identity/caller.js';
import type { VerifyToken } from '../identity/internal-tokens.js';

/** The caller behind an `authorization: Bearer` value. Throws UNAUTHENTICATED for anything but a token of this hub. */
export async function identify(verify: VerifyToken, authorization: unknown): Promise<Caller> {
  const token =
    typeof authorization === 'string' ? /^Bearer (\S+)$/.exec(authorization)?.[1] : undefined;
  if (token !== undefined) {
    const caller = await verify(token).catch(() => undefined);
    if (caller) return caller;
  }
  throw callersFault(
    'UNAUTHENTICATED',
    'Subgraphs answer only the services of this hub. Send the request to the gateway, with a token of your own.',
  );
}
