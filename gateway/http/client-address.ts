import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';

/** Whether an address belongs to a proxy whose `X-Forwarded-For` is trusted. */
export type TrustPredicate = ReturnType<typeof proxyAddress.compile>;

export function trustedProxies(addresses: readonly string[]): TrustPredicate {
  return proxyAddress.compile([...addresses]);
}

/**
 * Returns the address of the client: that of the connection, or, behind trusted proxies, the last one in `X-Forwarded-For` that
 * is not theirs. An address that a client adds to that header comes before it and has no effect.
 */
export function clientAddress(request: IncomingMessage, isTrusted: TrustPredicate): string {
  return proxyAddress(request, isTrusted);
}
