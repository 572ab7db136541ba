import { supplyWorld, type SupplyWorld } from '../testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld();
});
afterAll(() => world.close());

test('every role that reads supply gets a cursor', async () => {
  const { data } = await world.request('{ supplyCursor }', {}, { role: 'supplier' });
  expect(data.supplyCursor).toEqual(expect.any(String));
});

test('a partner gets none', async () => {
  const { errors } = await world.request('{ supplyCursor }', {}, { role: 'partner' });
  expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
});
