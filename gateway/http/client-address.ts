import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';

/** Whether an address belongs to a proxy whose `X-Forwarded-For` is believed. */
export type IsTrusted = ReturnType<typeof proxyAddress.compile>;

export function trustedProxies(addresses: readonly string[]): IsTrusted {
  return proxyAddress.compile([...addresses]);
}

/**
 * The address of the client: of the connection, or, where trusted proxies stand between, the last one in
 * `X-Forwarded-For` that is not theirs. What a client writes into that header itself stands before it and changes nothing.
 */
export function clientAddress(request: IncomingMessage, isTrusted: IsTrusted): string {
  return proxyAddress(request, isTrusted);
}
