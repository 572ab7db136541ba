import { WebSocket } from 'ws';
import type { GatewaySettings } from '../gateway.js';
import { Shop } from '../testing/shop.js';

async function withShop(settings: Partial<GatewaySettings>, use: (shop: Shop) => Promise<void>) {
  const shop = await Shop.open(settings);
  try {
    await use(shop);
  } finally {
    await shop.close();
  }
}

/** Status of an introspection, which is charged to its address; the budget is enough for one. */
async function statusFor(shop: Shop, headers: Record<string, string>): Promise<number> {
  const response = await fetch(`${shop.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ __schema { queryType { name } } }' }),
  });
  await response.text();
  return response.status;
}

/** Status of a handshake; at most one socket of an address is open. */
function handshakeOf(shop: Shop, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(
      `${shop.gateway.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
      { headers },
    );
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => {});
  });
}

const LIMITS = { limits: { costPerMinute: 20_200, connections: 1 } };
const from = (addresses: string) => ({ 'x-forwarded-for': addresses });

describe('behind a proxy that is trusted', () => {
  const settings = { ...LIMITS, trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] };

  it('each client has its own address, over HTTP and over WebSockets', async () => {
    await withShop(settings, async (shop) => {
      for (const request of [statusFor, handshakeOf]) {
        const accepted = request === statusFor ? 200 : 101;
        expect(await request(shop, from('192.0.2.1'))).toBe(accepted);
        expect(await request(shop, from('192.0.2.1'))).toBe(429);
        expect(await request(shop, from('192.0.2.2'))).toBe(accepted);
        expect(await request(shop, from('2001:db8::1'))).toBe(accepted);
        // One client has a whole network of IPv6, and an address of IPv4 may be written as one of IPv6.
        expect(await request(shop, from('2001:db8::2:3'))).toBe(429);
        expect(await request(shop, from('2001:db8:0:1::1'))).toBe(accepted);
        expect(await request(shop, from('::ffff:192.0.2.1'))).toBe(429);
      }
    });
  });

  it('a client cannot take another address by a header of its own', async () => {
    await withShop(settings, async (shop) => {
      expect(await statusFor(shop, from('198.51.100.1, 192.0.2.1'))).toBe(200);
      expect(await statusFor(shop, from('198.51.100.2, 192.0.2.1, 10.1.2.3'))).toBe(429);
    });
  });
});

describe.each([
  ['no proxy is trusted', {}],
  ['other proxies are trusted', { trustedProxies: ['10.0.0.0/8'] }],
])('where %s', (_, settings) => {
  it('forwarded headers are ignored', async () => {
    await withShop({ ...LIMITS, ...settings }, async (shop) => {
      expect(await statusFor(shop, from('192.0.2.1'))).toBe(200);
      expect(await statusFor(shop, from('192.0.2.2'))).toBe(429);
      expect(await statusFor(shop, { forwarded: 'for=192.0.2.3' })).toBe(429);
      expect(await statusFor(shop, { 'x-real-ip': '192.0.2.4' })).toBe(429);
      expect(await handshakeOf(shop, from('192.0.2.1'))).toBe(101);
      expect(await handshakeOf(shop, from('192.0.2.2'))).toBe(429);
    });
  });
});
