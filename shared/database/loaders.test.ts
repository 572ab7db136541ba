import { listLoader, rowLoader } from './loaders.js';

interface Bed {
  id: string;
  ward: string;
}

const beds: Bed[] = [
  { id: 'b', ward: 'west' },
  { id: 'a', ward: 'east' },
  { id: 'c', ward: 'west' },
];

/** Returns the beds that have one of the keys, and remembers with which keys it was called. */
function reading(field: keyof Bed) {
  const calls: (readonly string[])[] = [];
  const load = async (keys: readonly string[]) => {
    calls.push(keys);
    return beds.filter((bed) => keys.includes(bed[field]));
  };
  return { calls, load };
}

test('rows by one key are read at once and come in the order of the keys; a key that no row has gives undefined', async () => {
  const { calls, load } = reading('id');
  const byId = rowLoader(load, ({ id }) => id);
  const loaded = await Promise.all(['c', 'none', 'a', 'c'].map((id) => byId.load(id)));
  expect(loaded).toEqual([beds[2], undefined, beds[1], beds[2]]);
  expect(calls).toEqual([['c', 'none', 'a']]);
});

test('rows by a shared key are read in one batch, in their order, and a key without rows gives an empty list', async () => {
  const { calls, load } = reading('ward');
  const ofWard = listLoader(load, ({ ward }) => ward);
  const loaded = await Promise.all(['west', 'north', 'east'].map((ward) => ofWard.load(ward)));
  expect(loaded).toEqual([[beds[0], beds[2]], [], [beds[1]]]);
  expect(calls).toEqual([['west', 'north', 'east']]);
});

test('rows that cannot be read fail for every key', async () => {
  const byId = rowLoader<Bed>(
    () => Promise.reject(new Error('no connection')),
    ({ id }) => id,
  );
  const outcomes = await Promise.allSettled(['a', 'b'].map((id) => byId.load(id)));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
