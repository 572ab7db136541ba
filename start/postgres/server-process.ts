import { execFile } from 'node:child_process';
import { readFile, readlink, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

/** How a process was started. */
interface StartedProcess {
  /** Undefined where the system hides it. */
  executable: string | undefined;
  arguments: readonly string[];
}

/**
 * Returns whether a process that runs may be the server of a folder: its program is `postgres`, and it names no other folder.
 * A process that cannot be looked at may be the server: a file too many can be removed by hand, a second server ruins the data.
 */
export async function mayServe(pid: number, directory: string): Promise<boolean> {
  const started = await startedProcess(pid).catch(() => undefined);
  if (!started) return true;
  const programs = [started.executable ?? '', ...started.arguments].map((path) => basename(path));
  if (!programs.includes('postgres')) return false;
  const folder = folderOf(started.arguments);
  if (folder?.startsWith('/')) return isSameFolder(folder, directory);
  // Not started by this hub, which names the folder by its whole path: only the program itself counts, no mention of it.
  return basename(started.executable ?? started.arguments[0] ?? '') === 'postgres';
}

async function startedProcess(pid: number): Promise<StartedProcess> {
  if (process.platform === 'linux') {
    const [line, executable] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readlink(`/proc/${pid}/exe`).catch(() => undefined),
    ]);
    // After an upgrade of the package the file of a server that still runs is deleted.
    return { executable: executable?.replace(/ \(deleted\)$/, ''), arguments: line.split('\0') };
  }
  const [executable, line] = await Promise.all([psOf(pid, 'comm='), psOf(pid, 'args=')]);
  return { executable, arguments: argumentsIn(line) };
}

async function psOf(pid: number, column: string): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', column, '-p', String(pid)]);
  return stdout.trim();
}

/** Splits a command line before each option, so that the folder behind `-D` stays whole although its name holds spaces. */
export function argumentsIn(line: string): string[] {
  return line.split(/ (?=-)|(?<= -\w) /);
}

function folderOf(words: readonly string[]): string | undefined {
  const at = words.indexOf('-D');
  return at < 0 ? undefined : words[at + 1];
}

/** Compares folders, not paths: another path, such as a link, may lead to the folder. */
async function isSameFolder(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => undefined)));
  if (!a || !b) return one === other;
  return a.dev === b.dev && a.ino === b.ino;
}
