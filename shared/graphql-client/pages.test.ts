import { allNodes, type Page } from './pages.js';

test('all pages are read in order, each from the cursor of the page before', async () => {
  const pages = new Map<string | null, Page<number>>([
    [null, { nodes: [1, 2], pageInfo: { hasNextPage: true, endCursor: 'b' } }],
    ['b', { nodes: [], pageInfo: { hasNextPage: true, endCursor: 'c' } }],
    ['c', { nodes: [3], pageInfo: { hasNextPage: false, endCursor: 'd' } }],
  ]);
  const read: (string | null)[] = [];
  const nodes = await allNodes(async (after) => {
    read.push(after);
    return pages.get(after)!;
  });
  expect(nodes).toEqual([1, 2, 3]);
  expect(read).toEqual([null, 'b', 'c']);
});
