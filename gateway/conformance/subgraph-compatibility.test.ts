import { ourSide, stockSide, type Side } from './testing/compatibility-sides.js';
import {
  defineCompatibilityTests,
  startNeighbour,
  type RunningNeighbour,
} from './testing/compatibility-suite.js';

let neighbours: Record<'users' | 'inventory', RunningNeighbour>;
beforeAll(async () => {
  const [users, inventory] = await Promise.all([
    startNeighbour('users'),
    startNeighbour('inventory'),
  ]);
  neighbours = { users, inventory };
});
afterAll(async () => {
  await Promise.all(Object.values(neighbours).map((neighbour) => neighbour.stop()));
});

// The behaviour that a subgraph of Apollo Federation must have, tested by Apollo's own suite; first on Apollo's own parts, so that
// whatever those pass is known to be passed here.
describe.each([
  ['the stock subgraph library behind the stock gateway', stockSide],
  ['the subgraph library of this hub behind its gateway', ourSide],
])('%s', (_, start) => {
  let side: Side;
  beforeAll(async () => {
    side = await start({ users: neighbours.users.url, inventory: neighbours.inventory.url });
  });
  afterAll(() => side.close());

  defineCompatibilityTests(
    () => side.products,
    () => side.gateway,
  );
});
