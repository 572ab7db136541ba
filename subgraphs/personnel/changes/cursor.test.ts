import { personnelWorld, type PersonnelWorld } from '../testing/personnel-world.js';

let world: PersonnelWorld;
beforeAll(async () => {
  world = await personnelWorld();
});
afterAll(() => world.close());

test('every role that reads personnel gets a cursor', async () => {
  const { data } = await world.request('{ personnelCursor }', {}, { role: 'chamber' });
  expect(data.personnelCursor).toEqual(expect.any(String));
});

test('a partner gets none', async () => {
  const { errors } = await world.request('{ personnelCursor }', {}, { role: 'partner' });
  expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
});
