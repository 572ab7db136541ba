import { GraphQLError } from 'graphql';
import { statedOutage } from '../../shared/errors/index.js';
import { everyFieldWithout, subgraphsOf } from '../testing/every-field.js';
import { Shop } from '../testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open({ subgraphTimeoutMs: { social: 500 } });
});
afterAll(() => shop.close());

describe('a subgraph that is unavailable', () => {
  beforeEach(() => shop.subgraphs.social.kill());
  afterEach(() => shop.subgraphs.social.start());

  it('leaves every other field answering', async () => {
    const { status, data, errors } = await shop.request('{ product(upc: "1") { name rating } }');
    expect(status).toBe(200);
    expect(data).toEqual({ product: { name: 'P1-en', rating: null } });
    expect(errors).toMatchObject([
      { extensions: { code: 'SERVICE_UNAVAILABLE', subgraph: 'social' } },
    ]);
  });

  it('is named by an id that the log has, and never by its address', async () => {
    const response = await shop.request('{ me { name } }');
    const { id } = response.errors![0]!.extensions;
    expect(JSON.stringify(response)).not.toMatch(/127\.0\.0\.1|ECONN/);
    const lines = shop.log.filter((line) => line.includes(id));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`127.0.0.1:${shop.subgraphs.social.port}`);
  });
});

describe('a subgraph that fails', () => {
  it("keeps its own words for a caller's fault", async () => {
    const { errors } = await shop.request('{ product(upc: "1") { forbidden } }');
    expect(errors).toMatchObject([
      {
        message: 'not for you',
        path: ['product', 'forbidden'],
        extensions: { code: 'FORBIDDEN', serviceName: 'social' },
      },
    ]);
  });

  it('discloses nothing of a fault of its own but an id', async () => {
    const response = await shop.request('{ product(upc: "1") { name broken } }');
    expect(response.data).toEqual({ product: { name: 'P1-en', broken: null } });
    expect(response.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(JSON.stringify(response)).not.toContain('10.0.0.7');
    expect(
      shop.log.filter((line) => line.includes(response.errors![0]!.extensions['id'])),
    ).toHaveLength(1);
  });

  it('keeps its own words for an outage that it explains, and the log has the id', async () => {
    shop.social.failures.push(statedOutage('The rating is noted. Do nothing.'));
    const { data, errors } = await shop.request('{ product(upc: "1") { name rating } }');
    expect(data).toEqual({ product: { name: 'P1-en', rating: null } });
    expect(errors).toMatchObject([
      {
        message: 'The rating is noted. Do nothing.',
        path: ['product', 'rating'],
        extensions: { code: 'SERVICE_UNAVAILABLE', id: expect.any(String) },
      },
    ]);
    expect(errors![0]!.extensions).not.toHaveProperty('stated');
    expect(shop.log.filter((line) => line.includes(errors![0]!.extensions['id']))).toHaveLength(1);
  });

  it('keeps the id under which it logged the cause of an outage', async () => {
    shop.social.failures.push(statedOutage('The read is withheld.', 'id-of-social'));
    const { errors } = await shop.request('{ product(upc: "1") { rating } }');
    expect(errors).toMatchObject([
      { message: 'The read is withheld.', extensions: { id: 'id-of-social' } },
    ]);
    expect(shop.log.filter((line) => line.includes('id-of-social'))).toEqual([]);
  });

  it('discloses nothing of an outage that it does not explain', async () => {
    const secret = 'connect ECONNREFUSED 10.0.0.7:5432';
    const extensions = { code: 'SERVICE_UNAVAILABLE' };
    shop.social.failures.push(new GraphQLError(secret, { extensions }));
    const response = await shop.request('{ product(upc: "1") { rating } }');
    expect(response.errors).toMatchObject([{ extensions }]);
    expect(JSON.stringify(response)).not.toContain('10.0.0.7');
  });

  it('answers a variable it cannot read with what is wrong with it', async () => {
    const { status, errors } = await shop.request(
      'query ($even: Even) { me(even: $even) { name } }',
      {
        even: 3,
      },
    );
    expect(status).toBe(200);
    expect(errors).toMatchObject([
      {
        message: 'Variable "$even" got invalid value 3; 3 is odd',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('is not waited for longer than allowed', async () => {
    const { data, errors } = await shop.request('{ product(upc: "1") { name slow } }');
    expect(data).toEqual({ product: { name: 'P1-en', slow: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
  });
});

/** Fields of the test subgraphs that fail by themselves. */
const FAILING = new Set([
  'Product.broken',
  'Product.brokenStrict',
  'Product.forbidden',
  'Product.slow',
]);

describe('whichever subgraph is unavailable', () => {
  it('every field of the others answers as before', async () => {
    const { supergraph } = shop;
    const names = subgraphsOf(supergraph);
    expect(names).toEqual(Object.keys(shop.subgraphs));
    for (const name of names) {
      const query = everyFieldWithout(supergraph, name, (field) => FAILING.has(field))!;
      const before = await shop.request(query);
      expect([name, before.errors]).toEqual([name, undefined]);
      await shop.subgraphs[name as keyof Shop['subgraphs']].kill();
      expect([name, await shop.request(query)]).toEqual([name, before]);
      await shop.subgraphs[name as keyof Shop['subgraphs']].start();
    }
  });
});
