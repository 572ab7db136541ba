import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealKeys } from './seal-keys.js';

let dataFolder: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-keys-'));
});
afterAll(() => rm(dataFolder, { recursive: true }));

const KEY = Buffer.alloc(32, 7);
const keysOf = (keys: string | undefined, isDevelopment: boolean) =>
  sealKeys({ subgraph: 'staff', setting: 'STAFF_DATA_KEY', keys, dataFolder, isDevelopment });

test('the setting gives the keys, in its order', async () => {
  const other = Buffer.alloc(32, 8);
  const text = [other, KEY].map((key) => key.toString('base64')).join();
  expect(await keysOf(text, false)).toEqual([other, KEY]);
});

test('a development hub makes a key once and keeps it', async () => {
  const [first] = await keysOf(undefined, true);
  expect(first).toHaveLength(32);
  expect(await keysOf(undefined, true)).toEqual([first]);
});

test('any other hub does not start without the setting', async () => {
  await expect(keysOf(undefined, false)).rejects.toThrow('staff needs STAFF_DATA_KEY');
});

test('a key of another length is refused by the name of the setting', async () => {
  await expect(keysOf('c2hvcnQ=', false)).rejects.toThrow(
    'Setting STAFF_DATA_KEY cannot be used: key 1 of 1 has 5 bytes instead of 32',
  );
});
