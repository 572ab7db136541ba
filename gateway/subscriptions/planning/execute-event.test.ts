import { pino } from 'pino';
import type { FetchSource } from '../../execution/fetching/run.js';
import { Changes } from '../../core/write-epoch.js';
import { ITSELF } from '../../core/service-identities.js';
import { supergraphState } from '../../supergraph/supergraph-state.js';
import { catalog } from '../../testing/catalog.js';
import { composed } from '../../testing/hospital.js';
import { social } from '../../testing/social.js';
import { executeEvent } from './execute-event.js';
import { SubscriptionPreparation } from './prepare.js';

const state = supergraphState(composed([catalog().definition, social().definition]));
const log = pino({ enabled: false });

describe('what an event is completed with', () => {
  it('was asked for after the event, so that nothing from before is told with it', async () => {
    const changes = new Changes();
    const before = changes.count;
    const asked: number[] = [];
    const answers: FetchSource['answer'] = async () => {
      asked.push(changes.count);
      return { data: { _entities: [{ rating: 4.5 }] } };
    };
    const source = { answer: answers, process: () => Promise.reject(new Error('is not asked so')) };
    const query = 'subscription { priceChanged { newPrice product { rating } } }';
    const preparation = new SubscriptionPreparation(() => state);
    const { plan } = preparation.prepare({ query }, ITSELF.claims);
    const product = { __typename: 'Product', upc: '1' };
    const event = { data: { priceChanged: { newPrice: 3, product } } };
    const sources = { catalog: source, social: source };
    const context = { variables: {}, identity: ITSELF, sources, changes, log };
    expect(await executeEvent(plan, event, context)).toEqual({
      data: { priceChanged: { newPrice: 3, product: { rating: 4.5 } } },
    });
    expect(asked).toEqual([before + 1]);
  });
});
