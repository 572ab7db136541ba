import { composeServices } from '@apollo/composition';
import { parse, print, type GraphQLFormattedError } from 'graphql';
import { pino } from 'pino';
import { tokenMint } from '../../../shared/identity/internal-tokens.js';
import { claimSetFrom } from '../../../shared/identity/claims.js';
import { WriteEpoch } from '../../core/write-epoch.js';
import { currentCursorReader } from '../../subgraph-http/current-cursor.js';
import { SubgraphSource } from '../../subgraph-http/subgraph-source.js';
import { supergraphState, type SupergraphState } from '../../supergraph/supergraph-state.js';
import { SubscriptionRecorder } from '../../recording/watch-records.js';
import { catalog } from '../../testing/catalog.js';
import { Shop } from '../../testing/shop.js';
import { social } from '../../testing/social.js';
import { TestSubgraph } from '../../testing/subgraph.js';
import { until } from '../../testing/until.js';
import { warehouse } from '../../testing/warehouse.js';
import { SubscriptionPreparation } from '../planning/prepare.js';
import { Upstreams } from '../upstream/upstreams.js';
import { SubscriptionHub } from './hub.js';
import { SUBSCRIPTION_LIMITS } from './subscription-limits.js';

const STUB = /type Product @key\(fields: "upc", resolvable: false\) \{\s*upc: ID!\s*\}/;
const stock = warehouse();
const sdl = print(stock.definition.typeDefs);
/** Serves what any of the schemas below has. */
const wider = sdl
  .replace(
    STUB,
    'type Product @key(fields: "upc", resolvable: false) { upc: ID! rating: Float @shareable }',
  )
  .replace('"@key"', '"@key", "@shareable"');
const opinions = print(social().definition.typeDefs)
  .replace('"@key"', '"@key", "@shareable"')
  .replace('rating: Float', 'rating: Float @shareable');

function supergraphOf(warehouseSdl: string, catalogSdl = print(catalog().definition.typeDefs)) {
  const services = Object.entries({
    warehouse: warehouseSdl,
    catalog: catalogSdl,
    social: opinions,
  });
  const { supergraphSdl, errors } = composeServices(
    services.map(([name, text]) => ({ name, typeDefs: parse(text), url: 'http://127.0.0.1:9/' })),
  );
  if (!supergraphSdl) throw new AggregateError(errors ?? [], 'the test subgraphs do not compose');
  return supergraphState(supergraphSdl);
}

let shop: Shop;
let subgraph: TestSubgraph;
let state: SupergraphState;
let hub: SubscriptionHub;
let preparation: SubscriptionPreparation;
let release: () => Promise<void>;
/** How each watcher of a test leaves: one that stays keeps its stream trying for ever. */
let leaves: (() => void)[];
beforeEach(async () => {
  leaves = [];
  shop = await Shop.open();
  const { dataFolder } = shop;
  const resolvers = { ...stock.definition.resolvers, Product: { rating: () => 1 } };
  const definition = { name: 'warehouse', typeDefs: parse(wider), resolvers };
  subgraph = new TestSubgraph(definition, dataFolder);
  await subgraph.start();
  const log = pino({ level: 'silent' });
  const mint = await tokenMint(dataFolder, 'gateway');
  const urls = { ...shop.subgraphs, warehouse: subgraph };
  const sources = Object.fromEntries(
    Object.entries(urls).map(([name, { url }]) => [
      name,
      new SubgraphSource({ name, url, mint, log, timeoutMs: 5_000 }),
    ]),
  );
  const upstreams = new Upstreams({ warehouse: subgraph.url }, mint);
  state = supergraphOf(sdl);
  preparation = new SubscriptionPreparation(() => state);
  hub = new SubscriptionHub({
    upstreams,
    sources,
    writes: new WriteEpoch(),
    readCurrentCursor: currentCursorReader(sources),
    log,
    prepare: (request, claims) => preparation.prepare(request, claims),
    limits: SUBSCRIPTION_LIMITS,
    subscriptionRecorder: new SubscriptionRecorder(async () => {}, log),
  });
  release = async () => {
    for (const leave of leaves) leave();
    upstreams.close();
    for (const source of Object.values(sources)) await source.close();
    await subgraph.kill();
    await shop.close();
  };
});
afterEach(() => release());

/** A message of the tests' subscriptions. */
interface StockMessage {
  stockChanged: { count: number };
}

const claims = claimSetFrom({ roles: ['crisis-staff'], areas: ['05'] });
function watch(query: string) {
  const results: StockMessage[] = [];
  const watched: { results: StockMessage[]; errors?: readonly GraphQLFormattedError[] } = {
    results,
  };
  const leave = hub.join(
    preparation.prepare({ query }, claims),
    { claims },
    {
      deliver: (messages) =>
        void results.push(
          ...messages.map(({ text }) => (JSON.parse(text) as { data: StockMessage }).data),
        ),
      end: (errors) => {
        if (errors) watched.errors = errors;
      },
    },
  );
  leaves.push(leave);
  return watched;
}
async function swapTo(next: SupergraphState) {
  state = next;
  await hub.schemaChanged();
}
const RATED = 'subscription { stockChanged { count product { rating } } }';
const upstreamQueries = () => subgraph.subscribed.length;

describe('when the schema changes', () => {
  it('a subscription with the same upstream operation keeps its stream', async () => {
    const watched = watch(RATED);
    await until(() => stock.live.listeners === 1);
    stock.change(1);
    await until(() => watched.results.length === 1);
    await swapTo(supergraphOf(`${sdl} type Other { a: Int }`));
    stock.change(2);
    await until(() => watched.results.length === 2);
    expect(upstreamQueries()).toBe(1);
    expect(watched.results.map(({ stockChanged }) => stockChanged.count)).toEqual([1, 2]);
    watch(RATED);
    expect(hub.count()).toEqual({ groups: 1, subscribers: 2 });
  });

  it('another goes on with its new plan behind the last cursor, and misses nothing', async () => {
    const watched = watch(RATED);
    await until(() => stock.live.listeners === 1);
    stock.change(3);
    await until(() => watched.results.length === 1);
    state = supergraphOf(wider);
    const changed = hub.schemaChanged();
    stock.change(4);
    await changed;
    stock.change(5);
    await until(() => watched.results.length === 3);
    expect(watched.results.map(({ stockChanged }) => stockChanged)).toEqual([
      { count: 3, product: { rating: 4.5 } },
      { count: 4, product: { rating: 1 } },
      { count: 5, product: { rating: 1 } },
    ]);
    expect(upstreamQueries()).toBe(2);
    expect(watched.errors).toBeUndefined();
  });

  it('one that is no longer valid ends, with the reason', async () => {
    const watched = watch('subscription { stockChanged { count note } }');
    await until(() => stock.live.listeners === 1);
    await swapTo(supergraphOf(sdl.replace('note: String', 'remark: String')));
    expect(watched.errors).toMatchObject([
      {
        message: expect.stringContaining('The schema has changed'),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ]);
    expect(hub.count()).toEqual({ groups: 0, subscribers: 0 });
    await until(() => stock.live.listeners === 0);
  });
});
