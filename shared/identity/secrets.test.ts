import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretIn } from './secrets.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vierblatt-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('twenty processes that read a secret at once get the same one, of 32 bytes', async () => {
  const file = join(folder, 'new', 'secret');
  const secrets = await Promise.all(Array.from({ length: 20 }, () => secretIn(file)));
  expect(new Set(secrets).size).toBe(1);
  expect(Buffer.from(secrets[0]!, 'base64')).toHaveLength(32);
  expect(await secretIn(file)).toBe(secrets[0]);
});

test('a secret is for its owner alone, and no draft is left beside it', async () => {
  await secretIn(join(folder, 'secret'));
  expect(await readdir(folder)).toEqual(['secret']);
  expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600);
});
