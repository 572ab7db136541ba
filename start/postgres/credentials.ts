import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefusal } from '../host/refusal.js';

/** Name of the embedded database's superuser; only the starter connects as it. */
export const POSTGRES_ROLE = 'postgres';

/** The password of a role of one database: it follows from the superuser's, which no service knows. */
export function rolePassword(superuserPassword: string, role: string): string {
  return createHmac('sha256', superuserPassword).update(`role ${role}`).digest('base64url');
}

/** The superuser's password of the embedded database, made once; readable by its owner only. */
export function postgresPassword(dataFolder: string, directory: string): string {
  const file = join(dataFolder, 'postgres-password');
  if (!existsSync(file)) {
    if (existsSync(directory)) {
      throw new StartRefusal(
        `${file} is missing, and the database in ${directory} does not open without it. ` +
          'Bring the file back, or move the data folder elsewhere to start with an empty one.',
      );
    }
    make(file);
  }
  return readFileSync(file, 'utf8').trim();
}

/** Two starts may come here at once: a link is made whole or not at all, and the first one counts for both. */
function make(file: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
