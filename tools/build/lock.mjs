// JavaScript, because it runs before anything is compiled.
import { linkSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STAMPS } from './paths.mjs';

const HELD = join(STAMPS, 'building');

/** Two builds at once would read each other's half-written files, so the second waits and then finds nothing to do. */
export async function underLock(work) {
  mkdirSync(STAMPS, { recursive: true });
  while (!acquire()) await untilFree();
  const release = () => rmSync(HELD, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** A link is made whole or not at all, so the file never stands there without its number. */
function acquire() {
  const draft = `${HELD}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, HELD);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHolderAlive()) rmSync(HELD, { force: true });
    return false;
  } finally {
    rmSync(draft);
  }
}

function isHolderAlive() {
  try {
    process.kill(Number(readFileSync(HELD, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Waits for the removal of the file; a holder that was killed removes nothing, so look again after a while. */
function untilFree() {
  return new Promise((resolve) => {
    const watcher = watch(STAMPS, done);
    const timer = setTimeout(done, 200);
    watcher.on('error', done);
    function done() {
      clearTimeout(timer);
      watcher.close();
      resolve();
    }
  });
}
