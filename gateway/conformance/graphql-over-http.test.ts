import { serverAudits } from 'graphql-http';
import { Shop } from '../testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());

// The audits of the GraphQL over HTTP specification. Its MUST rules have to hold; MAY and SHOULD are warnings.
for (const { id, name, fn } of serverAudits({
  url: () => `${shop.gateway.url}/graphql`,
  fetchFn,
})) {
  test(`${name} (${id})`, async () => {
    const { status, ...result } = await fn();
    expect([status, result]).not.toEqual(['error', result]);
  });
}

/** The audit is a client like any other: it has a token, and says that it is no page of a foreign site. */
async function fetchFn(url: string, init?: RequestInit) {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${await shop.token()}`);
  headers.set('apollo-require-preflight', 'yes');
  return fetch(url, { ...init, headers });
}
