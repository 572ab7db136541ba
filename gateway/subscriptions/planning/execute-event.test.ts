import { pino } from 'pino';
import type { FetchSource } from '../../core/subgraph-request.js';
import { WriteEpoch } from '../../core/write-epoch.js';
import { GATEWAY_IDENTITY } from '../../core/service-identities.js';
import { supergraphState } from '../../supergraph/supergraph-state.js';
import { catalog } from '../../testing/catalog.js';
import { composed } from '../../testing/hospital.js';
import { social } from '../../testing/social.js';
import { executeEvent } from './execute-event.js';
import { SubscriptionPreparation } from './prepare.js';

const state = supergraphState(composed([catalog().definition, social().definition]));
const log = pino({ enabled: false });

test('the data that completes an event was fetched after the event, so that nothing older is delivered with it', async () => {
  const writes = new WriteEpoch();
  const before = writes.value;
  const requests: number[] = [];
  const responses: FetchSource['fetch'] = async () => {
    requests.push(writes.value);
    return { data: { _entities: [{ rating: 4.5 }] } };
  };
  const source = {
    fetch: responses,
    process: () => Promise.reject(new Error('is not asked so')),
  };
  const query = 'subscription { priceChanged { newPrice product { rating } } }';
  const preparation = new SubscriptionPreparation(() => state);
  const { plan } = preparation.prepare({ query }, GATEWAY_IDENTITY.claims);
  const product = { __typename: 'Product', upc: '1' };
  const event = { data: { priceChanged: { newPrice: 3, product } } };
  const sources = { catalog: source, social: source };
  const context = { variables: {}, identity: GATEWAY_IDENTITY, sources, writes, log };
  expect(await executeEvent(plan, event, context)).toEqual({
    data: { priceChanged: { newPrice: 3, product: { rating: 4.5 } } },
  });
  expect(requests).toEqual([before + 1]);
});
