import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shop } from '../testing/shop.js';
import { until } from '../testing/until.js';
import { Watcher } from '../testing/watcher.js';
import { readOperationList } from './operation-list.js';

const ME = 'query Me { me { id } }';
const TICKS = 'subscription Ticks { priceChanged { at } }';
const MANIFEST = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [
    { id: 'me-1', name: 'Me', type: 'query', body: ME },
    { id: 'ticks-1', name: 'Ticks', type: 'subscription', body: TICKS },
  ],
};

let folder: string;
let shop: Shop;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vierblatt-list-'));
  const persistedOperations = join(folder, 'manifest.json');
  await writeFile(persistedOperations, JSON.stringify(MANIFEST));
  shop = await Shop.open({ persistedOperations });
});
afterAll(async () => {
  await shop.close();
  await rm(folder, { recursive: true });
});

const byId = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

async function post(path: string, body: object): Promise<{ status: number; text: string }> {
  const response = await fetch(shop.gateway.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: path === '/graphql' ? 'application/json' : 'text/event-stream',
      authorization: `Bearer ${await shop.token()}`,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

async function overWebSocket(operation: { query: string; extensions?: Record<string, unknown> }) {
  const watcher = new Watcher(await shop.client(), operation);
  await until(() => watcher.results.length > 0 || watcher.end !== undefined);
  return JSON.stringify(watcher.results[0] ?? watcher.end);
}

describe('a hub with a list of its operations', () => {
  it('runs what is listed, by text and by id, over HTTP', async () => {
    expect((await post('/graphql', { query: ME })).text).toContain('"data":{"me"');
    expect((await post('/graphql', { extensions: byId('me-1') })).text).toContain('"data":{"me"');
  });

  it('by id in the address too', async () => {
    const extensions = encodeURIComponent(JSON.stringify(byId('me-1')));
    const response = await fetch(`${shop.gateway.url}/graphql?extensions=${extensions}`, {
      headers: {
        'apollo-require-preflight': 'yes',
        authorization: `Bearer ${await shop.token()}`,
      },
    });
    expect(await response.text()).toContain('"data":{"me"');
  });

  it('runs what is listed over an event stream and a WebSocket', async () => {
    const streamed = await post('/graphql/stream', { query: '', extensions: byId('me-1') });
    expect(streamed.text).toContain('"data":{"me"');
    expect((await post('/graphql/stream', { query: ME })).text).toContain('"data":{"me"');
    expect(await overWebSocket({ query: ME })).toContain('"data":{"me"');
  });

  it('subscribes to what is listed by id', async () => {
    const client = await shop.client();
    const watcher = new Watcher(client, { query: '', extensions: byId('ticks-1') });
    await until(() => shop.subgraphs.catalog.subscribed.length > 0 || watcher.end !== undefined);
    expect(watcher.end).toBeUndefined();
    watcher.leave();
  });

  it.each([
    ['another text', { query: '{ me { id name } }' }],
    ['the schema', { query: '{ __schema { types { name } } }' }],
    ['an unknown id', { query: '', extensions: byId('nobody') }],
    ['nothing', { query: '' }],
    ['a subscription', { query: 'subscription { ticks }' }],
  ])('refuses %s on every transport', async (_, operation) => {
    const { status, text } = await post('/graphql', operation);
    expect(status).toBe(400);
    const streamed = await post('/graphql/stream', operation);
    for (const response of [text, streamed.text, await overWebSocket(operation)]) {
      expect(response).toContain('PERSISTED_QUERY_NOT_IN_LIST');
      expect(response).toContain('extensions.persistedQuery.sha256Hash');
    }
  });

  it('does not start with a file that is none', async () => {
    const file = join(folder, 'other.json');
    await writeFile(file, '{"format":"something"}');
    expect(() => readOperationList(file)).toThrow('which is no manifest: expected');
    expect(() => readOperationList(join(folder, 'missing.json'))).toThrow('cannot be read as JSON');
  });
});
