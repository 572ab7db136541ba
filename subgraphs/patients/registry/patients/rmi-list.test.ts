import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRmiList } from './rmi-list.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rmi-'));
});
afterAll(() => rm(folder, { recursive: true }));

const written = async (content: unknown) => {
  const file = join(folder, 'list.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

test('a list has a version and its codes', async () => {
  const list = await readRmiList(await written({ version: 'NRW 2026', codes: ['332', '360'] }));
  expect(list).toEqual({ version: 'NRW 2026', codes: new Set(['332', '360']) });
});

test('without the setting there is no list', async () => {
  expect(await readRmiList(undefined)).toBeUndefined();
});

test.each<[string, unknown, RegExp]>([
  ['that is no JSON', 'RMI;332', /PZC_LIST cannot be used: .*JSON/],
  ['without a version', { codes: ['332'] }, /version and codes/],
  ['without codes', { version: '1', codes: [] }, /version and codes/],
  ['with a code of four digits', { version: '1', codes: ['332', '3320'] }, /"3320"/],
  ['with a number for a code', { version: '1', codes: [332] }, /received 332/],
])('a list %s stops the start with an error', async (_, content, message) => {
  await expect(readRmiList(await written(content))).rejects.toThrow(message);
});

test('a missing file stops the start with an error', async () => {
  await expect(readRmiList(join(folder, 'nowhere.json'))).rejects.toThrow(
    /PZC_LIST cannot be used/,
  );
});
