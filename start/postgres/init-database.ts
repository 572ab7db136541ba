import { spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { POSTGRES_ROLE } from './credentials.js';
import type { PostgresUser } from './postgres-user.js';
import { StartRefusal } from '../host/refusal.js';

interface Plan {
  initdb: string;
  user: PostgresUser;
  dataFolder: string;
  directory: string;
  password: string;
  signal: AbortSignal;
}

/**
 * Creates the database's folder, unless it exists. It is created elsewhere, synced and renamed, so that a start that is killed
 * leaves no incomplete database, and of two starts at the same time one wins.
 */
export async function initDatabase(plan: Plan): Promise<void> {
  const { user, dataFolder, directory, password } = plan;
  if (existsSync(directory)) return;
  const workshop = mkdtempSync(join(dataFolder, 'postgres-new-'));
  try {
    const passwordFile = join(workshop, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    const made = join(workshop, 'data');
    if (user.owner) {
      for (const path of [passwordFile, workshop]) chownSync(path, user.owner.uid, user.owner.gid);
    }
    await runInitdb(plan, made, passwordFile);
    renameSync(made, directory);
    syncFolder(dataFolder);
  } catch (error) {
    // Another start was faster, and may have removed the folder of this one as a leftover.
    if (!existsSync(directory)) throw error;
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

async function runInitdb(
  { initdb, user, signal }: Plan,
  made: string,
  passwordFile: string,
): Promise<void> {
  const [command, ...args] = [
    ...user.prefix,
    initdb,
    '-D',
    made,
    '-U',
    POSTGRES_ROLE,
    '--pwfile',
    passwordFile,
    '-A',
    'scram-sha-256',
    // The provider that needs nothing of the system: equal order of texts on every machine.
    '-E',
    'UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
  signal.throwIfAborted();
  const child = spawn(command, args, {
    ...user.options,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A Ctrl-C is the starter's to answer; and a group of its own ends whole, with the servers initdb starts.
    detached: true,
  });
  const breakOff = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  };
  signal.addEventListener('abort', breakOff);
  const failed = new Promise<string>((resolve) =>
    child.once('error', ({ message }) => resolve(message)),
  );
  const complaint = text(child.stderr);
  const status = await Promise.race([
    failed,
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  signal.removeEventListener('abort', breakOff);
  signal.throwIfAborted();
  if (status === 0) return;
  const reason =
    typeof status === 'string' ? status : (await complaint).trim().replaceAll('\n', ' ');
  throw new StartRefusal(
    `The embedded database could not be made: ${reason} ` +
      'Check the free space of the disk, or set VIERBLATT_DATA to another folder.',
  );
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
