// JavaScript, because the test runner loads it before it can load TypeScript.
import { chmodSync, mkdirSync, mkdtempSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of Linux that lies in memory. */
const IN_MEMORY = '/dev/shm';
const TMPFS = 0x01021994;
/** More than a run has ever written at a time, and as much memory again for its processes. */
const ROOM_BYTES = 3 * 2 ** 30;

/**
 * Makes the folder of a test run, with one inside it for temporary files. In memory where there is room: a third of the processor time
 * of the databases was that of the file system, and their tests waited for the disk. A TMPDIR that is set says where instead.
 */
export function makeRunFolder() {
  const folder = mkdtempSync(join(process.env.TMPDIR ? tmpdir() : fastest(), 'vierblatt-tests-'));
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  // Tests also act as other users, as whom every other folder for temporary files is open.
  chmodSync(folder, 0o711);
  chmodSync(temporary, 0o1777);
  return { folder, temporary };
}

function fastest() {
  try {
    const { type, bavail, bsize } = statfsSync(IN_MEMORY);
    const hasRoom = bavail * bsize >= ROOM_BYTES && freemem() >= 2 * ROOM_BYTES;
    return type === TMPFS && hasRoom ? IN_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
