import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectPath } from '../../shared/root.js';
import { say } from '../output.js';

export type Peer = 'stock' | 'hive' | 'mercurius';

export const peerPath = (peer: Peer, ...parts: string[]): string =>
  projectPath('bench', 'peers', peer, ...parts);

/** Installs what a peer's lock file names into the peer's own folder, unless that is there already. */
export async function install(peer: Peer): Promise<void> {
  const lock = await readFile(peerPath(peer, 'package-lock.json'), 'utf8');
  const stamp = join(peerPath(peer), 'node_modules', '.installed-lock.json');
  if ((await readFile(stamp, 'utf8').catch(() => undefined)) === lock) return;
  say(`Installing the peer ${peer} in bench/peers/${peer} ...`);
  const npm = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: peerPath(peer),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = (await once(npm, 'exit')) as [number | null];
  if (status !== 0) {
    throw new Error(`npm ci in bench/peers/${peer} failed. See above; it needs the npm registry.`);
  }
  await writeFile(stamp, lock);
}
