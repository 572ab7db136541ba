import { accessSync, constants, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartRefusal } from './refusal.js';

/**
 * Makes the folder that holds database, keys and passwords, and answers its real path. Nobody else may look into it;
 * root's lets others pass through, because the database runs as another user, and every secret in it is 0600.
 */
export function openDataFolder(folder: string): string {
  try {
    make(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(folder);
  } catch (error) {
    throw new StartRefusal(
      `The data folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code}). ` +
        'Make it writable, or set VIERBLATT_DATA to a folder that is.',
    );
  }
}

/** Not by `recursive`: below /proc Node 20 then tries without end. */
function make(folder: string): void {
  if (existsSync(folder)) return;
  make(dirname(folder));
  try {
    mkdirSync(folder, { mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
