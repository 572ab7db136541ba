import { Shop } from '../testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());

describe('queries', () => {
  it('joins what several subgraphs know', async () => {
    const { status, data, errors } = await shop.ask(
      '{ product(upc: "1") { name cheap reviews { author { name } } } }',
    );
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
    expect(data).toEqual({
      product: {
        name: 'P1-en',
        cheap: true,
        reviews: [{ author: { name: 'U1' } }, { author: { name: 'U2' } }],
      },
    });
  });

  it('tells subgraphs what the caller may, and who it is only for a mutation', async () => {
    const query = await shop.ask('{ whoAmI { areas roles subject } }');
    expect(query.data).toEqual({
      whoAmI: { areas: ['05'], roles: ['crisis-staff'], subject: null },
    });
    const mutation = await shop.ask('mutation { rename(upc: "1", name: "x") { areas subject } }');
    expect(mutation.data).toEqual({
      rename: { areas: ['05'], subject: 'development-crisis-staff' },
    });
  });
});
