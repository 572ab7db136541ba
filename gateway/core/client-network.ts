import ipaddr from 'ipaddr.js';

/**
 * The network that limits of one address count: an IPv4 address, or the first 64 bits of an IPv6 address. A provider gives
 * every subscriber at least that many (RIPE-690, RFC 6177), so a client could otherwise use a new address for each request.
 * An IPv6 address that stands for one of IPv4 (`::ffff:192.0.2.1`) counts as that one.
 */
export function networkOf(address: string): string {
  if (!address.includes(':') || !ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
