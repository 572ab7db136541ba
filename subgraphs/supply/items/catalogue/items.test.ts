import { shippedItems } from '../reference/files.js';
import { supplyWorld, type SupplyWorld } from '../../testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld();
});
afterAll(() => world.close());

const item = async (id: string) =>
  (
    await world.request(
      `query ($id: ID!) { item(id: $id) { id kind name unit storage pzn substance } }`,
      { id },
      { role: 'supplier' },
    )
  ).data.item;
const listRaw = (variables: object) =>
  world.request(
    `query ($filter: ItemFilter, $first: Int, $after: String) {
      items(filter: $filter, first: $first, after: $after) {
        nodes { id name pzn } totalCount pageInfo { endCursor hasNextPage } } }`,
    variables,
  );
const list = async (variables: object) => (await listRaw(variables)).data.items;

describe('an item', () => {
  test('is found by its Pharmazentralnummer and by its id', async () => {
    const byNumber = await item('pzn:00194323');
    expect(byNumber).toEqual({
      id: expect.any(String),
      kind: 'MEDICINE',
      unit: 'PACK',
      storage: 'AMBIENT',
      pzn: '00194323',
      substance: 'Propofol 10 mg',
      name: 'Propofol 10 mg, Emulsion zur Injektion/Infusion',
    });
    expect(await item(byNumber.id)).toEqual(byNumber);
    expect(await item(byNumber.id.toUpperCase())).toEqual(byNumber);
  });

  test.each(['pzn:00194324', 'pzn:99999999', 'pzn:', '00194323', 'propofol'])(
    'is not found by "%s"',
    async (id) => {
      expect(await item(id)).toBeNull();
    },
  );

  test('is found once where a request names it in two ways', async () => {
    const { id } = await item('pzn:00194323');
    const { data } = await world.request(
      'query ($id: ID!) { a: item(id: $id) { pzn } b: item(id: "pzn:00194323") { id } }',
      { id },
    );
    expect(data).toEqual({ a: { pzn: '00194323' }, b: { id } });
  });
});

describe('the list of items', () => {
  test('has everything that ships, by name, each once', async () => {
    const found: { id: string; name: string }[] = [];
    let after: string | null = null;
    do {
      const page: any = await list({ first: 200, after });
      found.push(...page.nodes);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    const shipped = shippedItems();
    expect(found).toHaveLength(shipped.length);
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(shipped.map(({ id }) => id)));
  });

  test('is filtered by kind, number and text', async () => {
    expect((await list({ filter: { kinds: ['FUEL'] } })).totalCount).toBe(5);
    expect((await list({ filter: { pzn: '00194323' } })).nodes).toHaveLength(1);
    const { nodes } = await list({ filter: { text: 'PROPOFOL' }, first: 100 });
    expect(nodes).toHaveLength(14);
    expect((await list({ filter: { text: '%' } })).nodes).not.toContainEqual(
      expect.objectContaining({ pzn: '00194323' }),
    );
  });

  test.each([{ pzn: '00194324' }, { text: '' }])('refuses %j', async (filter) => {
    const { errors } = await listRaw({ filter });
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
  });

  test('is hidden from roles that do not read supply', async () => {
    const { errors } = await world.request(
      '{ items { totalCount } item(id: "x") { id } }',
      {},
      {
        role: 'partner',
      },
    );
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });
});
