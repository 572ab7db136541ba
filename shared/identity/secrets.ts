import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const SECRET_BYTES = 32;

/**
 * The secret of 32 bytes that a file holds in base64, made on first use and readable by its owner only. All processes that
 * are to share it read the same file.
 */
export async function secretIn(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const offered = `${file}.${randomUUID()}`;
  await writeFile(offered, randomBytes(SECRET_BYTES).toString('base64'), { mode: 0o600 });
  try {
    // A link is there whole or not at all: the first process makes the secret, and none reads half of it.
    await link(offered, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(offered);
  }
  return readFile(file, 'utf8');
}
