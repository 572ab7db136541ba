import type { Client } from 'graphql-ws';
import type { PushStream } from '../../testing/push-stream.js';
import { Shop, type HubResponse } from '../../testing/shop.js';
import { until } from '../../testing/until.js';

let shop: Shop;
let client: Client;
beforeAll(async () => {
  shop = await Shop.open();
  client = await shop.client();
});
afterAll(() => shop.close());

type Result = Pick<HubResponse, 'data' | 'errors'>;
type Refusal = NonNullable<Result['errors']>;

/** The result of one event; ends with nobody listening any more. */
async function resultOf<T>(
  stream: PushStream<T>,
  event: T,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Result> {
  const results = client.iterate({ query, variables });
  const first = results.next();
  await until(() => stream.listeners === 1);
  stream.push(event);
  const { value } = await first;
  await results.return?.(undefined);
  await until(() => stream.listeners === 0);
  return value as Result;
}

/** The errors with which a subscription is refused. */
async function refusalOf(query: string, variables: Record<string, unknown> = {}): Promise<Refusal> {
  const results = client.iterate({ query, variables });
  return results.next().then(
    ({ value }) => Promise.reject(new Error(`expected a refusal, got ${JSON.stringify(value)}`)),
    (errors: unknown) => errors as Refusal,
  );
}

const priceOf = (query: string, variables = {}, event = shop.catalog.priceEvent('1')) =>
  resultOf(shop.catalog.priceChanged, event, query, variables);

describe('a federated subscription', () => {
  it('delivers the data of the owning subgraph, in the order of the selection', async () => {
    const result = await priceOf('subscription { priceChanged { newPrice at oldPrice } }');
    expect(JSON.stringify(result)).toBe(
      '{"data":{"priceChanged":{"newPrice":2,"at":"now","oldPrice":1}}}',
    );
  });

  it('joins other subgraphs through aliases, fragments, arguments, defaults and conditions', async () => {
    const result = await priceOf(
      `subscription S($upc: ID!, $first: Int, $yes: Boolean!, $skip: Boolean = true) {
        event: priceChanged(upc: $upc) {
          items { ... on Film { minutes blurb } ... on Book { pages } }
          ...E
          product {
            cheap n: name(lang: "fr") skipped: name @skip(if: $skip)
            reviews(first: $first) @include(if: $yes) { body author { name favourite { name price } } }
          }
        }
      }
      fragment E on PriceEvent { at newPrice }`,
      { upc: '1', first: 1, yes: true },
    );
    const favourite = { name: 'P1-en', price: 5 };
    expect(result).toEqual({
      data: {
        event: {
          items: [{ pages: 9 }, { minutes: 120, blurb: 'blurb f1' }],
          at: 'now',
          newPrice: 2,
          product: {
            cheap: true,
            n: 'P1-fr',
            reviews: [{ body: 'ok', author: { name: 'U1', favourite } }],
          },
        },
      },
    });
    expect(Object.keys(result.data!['event'].product)).toEqual(['cheap', 'n', 'reviews']);
  });

  it('asks no other subgraph for what is left out', async () => {
    const requests = shop.subgraphs.social.requests.length;
    const result = await priceOf(
      'subscription S($r: Boolean!) { priceChanged { newPrice product @include(if: $r) { rating } } }',
      { r: false },
    );
    expect(result).toEqual({ data: { priceChanged: { newPrice: 2 } } });
    expect(shop.subgraphs.social.requests).toHaveLength(requests);
  });

  it('takes a condition on its root field', async () => {
    const query =
      'subscription S($r: Boolean!) { priceChanged @include(if: $r) { newPrice product { rating } } }';
    expect(await priceOf(query, { r: true })).toEqual({
      data: { priceChanged: { newPrice: 2, product: { rating: 4.5 } } },
    });
    const [error] = await refusalOf(query, { r: false });
    expect(error).toMatchObject({
      message: expect.stringContaining('selects no field'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('takes a fragment as its root', async () => {
    const result = await priceOf(
      'subscription { ...R } fragment R on Subscription { priceChanged { at } }',
    );
    expect(result).toEqual({ data: { priceChanged: { at: 'now' } } });
  });

  it('gives interfaces the fields of their types from everywhere', async () => {
    const result = await resultOf(
      shop.catalog.mediaAdded,
      shop.catalog.film,
      `subscription {
        mediaAdded { __typename t: title(upper: true) ... on Film { stars { name } } ... on Book { blurb } }
      }`,
    );
    expect(result).toEqual({
      data: { mediaAdded: { __typename: 'Film', t: 'JAWS', stars: [{ name: 'U7' }] } },
    });
  });

  it("passes a caller's fault in another subgraph on, at its path", async () => {
    const result = await priceOf(
      'subscription { priceChanged { newPrice product { upc forbidden } } }',
    );
    expect(result).toEqual({
      data: { priceChanged: { newPrice: 2, product: { upc: '1', forbidden: null } } },
      errors: [
        {
          message: 'not for you',
          path: ['priceChanged', 'product', 'forbidden'],
          extensions: { code: 'FORBIDDEN', serviceName: 'social' },
        },
      ],
    });
  });

  it('lets null rise from a field that must not be null, and masks why', async () => {
    const query = 'subscription { priceChanged { newPrice product { upc brokenStrict } } }';
    const { data, errors } = await priceOf(query);
    expect(data).toEqual({ priceChanged: null });
    expect(errors?.[0]).toMatchObject({
      path: ['priceChanged', 'product', 'brokenStrict'],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
    expect(JSON.stringify(errors)).not.toContain('10.0.0.7');
    expect(shop.log.join()).toContain('10.0.0.7');
    expect(await priceOf(query, {}, shop.catalog.priceEvent('2'))).toEqual({
      data: { priceChanged: { newPrice: 2, product: { upc: '2', brokenStrict: 'fine' } } },
    });
  });

  it('passes an error of the event itself on', async () => {
    const query = 'subscription { priceChanged { newPrice product { rating } } }';
    const { data, errors } = await priceOf(query, {}, { fails: true });
    expect(data).toEqual({ priceChanged: null });
    expect(errors).toEqual([
      {
        message: 'event failed',
        path: ['priceChanged'],
        extensions: { code: 'FORBIDDEN', serviceName: 'catalog' },
      },
    ]);
  });

  it('gives a scalar that must not be null, or no data at all', async () => {
    const { ticks } = shop.catalog;
    expect(await resultOf(ticks, 3, 'subscription { ticks }')).toEqual({ data: { ticks: 3 } });
    const { data, errors } = await resultOf(ticks, -1, 'subscription { ticks }');
    expect(data).toBeNull();
    expect(errors![0]!.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  });

  it('keeps __typename where it is selected and only there', async () => {
    const result = await priceOf(
      'subscription { priceChanged { __typename product { __typename rating } } }',
    );
    expect(result).toEqual({
      data: {
        priceChanged: { __typename: 'PriceEvent', product: { __typename: 'Product', rating: 4.5 } },
      },
    });
  });

  it('runs the named one of several operations', async () => {
    const results = client.iterate({
      query: 'subscription A { ticks } subscription B { b: ticks }',
      operationName: 'B',
    });
    const first = results.next();
    await until(() => shop.catalog.ticks.listeners === 1);
    shop.catalog.ticks.push(1);
    expect((await first).value).toEqual({ data: { b: 1 } });
    await results.return?.(undefined);
    await until(() => shop.catalog.ticks.listeners === 0);
  });
});

describe('a subscription is refused', () => {
  it.each([
    ['that cannot be parsed', 'subscription {', 'GRAPHQL_PARSE_FAILED', 'Syntax Error'],
    [
      'that selects an inaccessible field',
      'subscription { priceChanged { product { secret } } }',
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot query field "secret"',
    ],
    [
      'without a required variable',
      'subscription ($upc: ID!) { priceChanged(upc: $upc) { at } }',
      'BAD_USER_INPUT',
      'Variable "$upc" of required type "ID!" was not provided.',
    ],
    [
      'with two root fields',
      'subscription { ticks mediaAdded { title } }',
      'GRAPHQL_VALIDATION_FAILED',
      'must select only one top level field',
    ],
    [
      'with __typename at its root',
      'subscription { __typename }',
      'GRAPHQL_VALIDATION_FAILED',
      'must not select an introspection top level field',
    ],
    [
      'whose fragments form a cycle',
      'subscription { ...A } fragment A on Subscription { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot spread fragment "A" within itself',
    ],
  ])('%s', async (_, query, code, message) => {
    const [error] = await refusalOf(query);
    expect(error).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { code },
    });
  });

  it("in the owning subgraph's words", async () => {
    const [error] = await refusalOf('subscription { refusing(code: "FORBIDDEN") }');
    expect(error).toMatchObject({
      message: 'refused with FORBIDDEN',
      extensions: { code: 'FORBIDDEN' },
    });
  });

  it('by id alone when the owning subgraph is at fault', async () => {
    const [error] = await refusalOf('subscription { refusing(code: "EVIL") }');
    expect(error).toMatchObject({
      extensions: { code: 'INTERNAL_SERVER_ERROR', id: expect.any(String) },
    });
    expect(error!.message).not.toContain('refused');
  });
});
