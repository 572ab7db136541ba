import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { underLockOfRun } from '../cluster/database.js';
import { testSettings } from '../environment.js';

/** The state of a data folder after a first start: its databases hold the reference data, and the register's first day if wanted. */
export type FirstStart = 'with the first day' | 'without the first day';

/** Starts a hub on a data folder, and ends it when it is ready. */
type StartOnce = (dataFolder: string) => Promise<void>;

/** The key of the advisory lock under which the folders to copy are made. */
const FIRST_START_LOCK = 81_726_355;

/**
 * Makes a data folder as a hub leaves it after its first start, which takes longer than all later ones: the first hub of a test run
 * makes it, the others begin with a copy. Outside a test run (`npm run bench`) it is that of a user who starts for the first time.
 */
export async function dataFolderAfter(kind: FirstStart, startOnce: StartOnce): Promise<string> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-hub-'));
  const { sharedFolder } = testSettings;
  if (sharedFolder === undefined) {
    if (kind === 'without the first day') await markFirstDay(dataFolder);
    return dataFolder;
  }
  await copyFolder(await made(kind, sharedFolder, startOnce), dataFolder);
  return dataFolder;
}

/** As if the first day had been imported. */
export function markFirstDay(dataFolder: string): Promise<void> {
  return writeFile(join(dataFolder, 'first-day'), '');
}

async function made(kind: FirstStart, folder: string, startOnce: StartOnce): Promise<string> {
  const master = join(folder, `hub ${kind}`);
  if (existsSync(master)) return master;
  await underLockOfRun(FIRST_START_LOCK, async () => {
    if (existsSync(master)) return;
    const draft = await mkdtemp(join(folder, 'draft-'));
    if (kind === 'without the first day') await markFirstDay(draft);
    await startOnce(draft);
    // The name comes last: what others copy is complete or it does not exist.
    await rename(draft, master);
  });
  return master;
}

/** Copies it with owners, modes and times: the database's files belong to another user where root starts the hub. */
async function copyFolder(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', `${from}/.`, to]);
}
