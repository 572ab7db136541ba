import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPostmaster, removeStranger, runningPostmaster } from './postmaster.js';
import { argumentsIn } from './server-process.js';

let folder: string;
let directory: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postgres-process-'));
  directory = join(folder, 'postgres');
  await mkdir(directory);
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true });
});

/** Starts a process that waits, under the name of another program, and enters it in the folder's `postmaster.pid`. */
async function enter(program: string, ...args: string[]): Promise<void> {
  const wait = 'process.stdout.write("runs"); setInterval(() => undefined, 1e6)';
  const child = spawn(process.execPath, ['-e', wait, '--', ...args], {
    argv0: program,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  const lines = [child.pid, directory, 1, 54_321, '', '127.0.0.1', '', 'ready'];
  await writeFile(join(directory, 'postmaster.pid'), lines.join('\n'));
}

const isFound = async () => (await runningPostmaster(directory)) !== undefined;
const isEntered = async () => (await readPostmaster(directory)) !== undefined;

it.each([
  ['that reads the log of a server', 'tail', () => ['-f', join(directory, 'postgres.log')]],
  ['that names the program', 'less', () => ['postgres']],
  ['below a folder of that name', 'node', () => [`${directory}/job.js`]],
  ['that is another server', 'postgres', () => ['-D', tmpdir(), '-p', '1']],
])('a process %s is not the server of the folder', async (_, program, args) => {
  await enter(program, ...args());
  expect(await isFound()).toBe(false);
  await removeStranger(directory);
  expect(await isEntered()).toBe(false);
});

it.each([
  ['names the folder', () => directory],
  ['names the folder by a link', () => join(folder, 'link')],
])('a server that %s is the server of the folder', async (_, path) => {
  await symlink(directory, join(folder, 'link'));
  await enter('postgres', '-D', path(), '-p', '54321');
  expect(await isFound()).toBe(true);
  await removeStranger(directory);
  expect(await isEntered()).toBe(true);
});

test('the words of a command line keep a folder whole that has spaces in its name', () => {
  expect(argumentsIn('/opt/my apps/postgres -D /data/my hub/postgres -p 5432 -c a=b')).toEqual([
    '/opt/my apps/postgres',
    '-D',
    '/data/my hub/postgres',
    '-p',
    '5432',
    '-c',
    'a=b',
  ]);
});
