import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** One SQL function, with all its overloads, as its file defines it. */
export interface FunctionFile {
  /** Name of the function and of the file, which is `<name>.sql`. */
  name: string;
  path: string;
  sql: string;
  /** Digest of the definition and of those of the functions it calls: a derived function changes with its origin. */
  checksum: string;
  /** Of the folder. A higher one is of a later release. */
  revision: number;
}

/** Name of the file in a folder of functions that holds the folder's revision; `npm run snapshots` writes it. */
export const REVISION_FILE = 'revision.json';

export interface Revision {
  revision: number;
  /** Digest of the folder's definitions at this revision. */
  sha256: string;
}

/** Reads the functions of some folders, each after the functions that it calls. */
export async function readFunctions(folders: readonly string[]): Promise<FunctionFile[]> {
  const files = (await Promise.all(folders.map(readFolder))).flat();
  const byName = new Map(files.map((file) => [file.name, file]));
  if (byName.size < files.length) {
    throw new Error(`A function has two files: ${files.map(({ path }) => path).join(', ')}.`);
  }
  const ordered = new Map<string, FunctionFile>();
  const visit = (file: Omit<FunctionFile, 'checksum'>, callers: string[]): FunctionFile => {
    const done = ordered.get(file.name);
    if (done) return done;
    const path = [...callers, file.name];
    if (callers.includes(file.name))
      throw new Error(`Functions call each other: ${path.join(', ')}.`);
    const called = calledBy(file, byName.keys()).map((name) => visit(byName.get(name)!, path));
    const checksum = sha256([definitionOf(file), ...called.map((one) => one.checksum)]);
    ordered.set(file.name, { ...file, checksum });
    return ordered.get(file.name)!;
  };
  for (const file of files) visit(file, []);
  return [...ordered.values()];
}

/** The digest over a folder's files that its revision stands for. */
export async function digestOfFolder(folder: string): Promise<string> {
  const files = await readFolder(folder);
  return sha256(files.flatMap((file) => [file.name, definitionOf(file)]));
}

export async function revisionOf(folder: string): Promise<Revision> {
  const path = join(folder, REVISION_FILE);
  if (!existsSync(path)) return { revision: 0, sha256: '' };
  return JSON.parse(await readFile(path, 'utf8')) as Revision;
}

async function readFolder(folder: string): Promise<Omit<FunctionFile, 'checksum'>[]> {
  if (!existsSync(folder)) return [];
  const { revision } = await revisionOf(folder);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { name: basename(name, '.sql'), path, sql: await readFile(path, 'utf8'), revision };
    }),
  );
}

/** The text without the comment at its head, which names tests and may change without the function. */
const definitionOf = ({ sql }: { sql: string }) => sql.replace(/^(--.*\n)+/, '');

function calledBy({ name, sql }: { name: string; sql: string }, all: Iterable<string>): string[] {
  const code = sql.replace(/--.*$/gm, '').replace(/\/\*.*?\*\//gs, '');
  return [...all].filter((other) => other !== name && new RegExp(`\\b${other}\\s*\\(`).test(code));
}

function sha256(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}
