// JavaScript, because it runs before anything is compiled.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { PROJECT, STAMPS } from './paths.mjs';

/**
 * A step of the build.
 * @typedef {object} Step
 * @property {string} id file name of its stamp
 * @property {string} name what it builds, for the user
 * @property {string} advice what to do when it fails
 * @property {string[]} inputs files and folders it reads
 * @property {RegExp} [only] which files below those folders count
 * @property {string[]} outputs files it makes; without them the step is stale
 * @property {() => Promise<{ status: number | null, output: string }>} run
 */

/** The files below each folder that steps read, for judgements of the same moment. @typedef {Map<string, string[]>} Listings */

const NOT_SOURCES = new Set(['node_modules', 'dist']);

/** A file that was changed this recently may change once more within the same tick of the file system's clock. */
const UNCHANGED_FOR_MS = 2_000;

/**
 * Judged by content, because checkouts and copies change the time of files that stayed the same. Files of which size and times are as
 * they were at the last judgement are not read again. @param {Step} step @param {Listings} [listings]
 */
export function isStale(step, listings = new Map()) {
  const file = join(STAMPS, step.id);
  if (![file, ...step.outputs].every((path) => existsSync(path))) return true;
  const [content, times] = readFileSync(file, 'utf8').split('\n');
  const now = timesOf(step, listings);
  if (times !== '' && times === now) return false;
  if (content !== digestOf(step)) return true;
  if (now !== '') note(step, content, now);
  return false;
}

/** Notes that the step was run for its present inputs. @param {Step} step */
export function stamp(step) {
  const times = timesOf(step);
  mkdirSync(STAMPS, { recursive: true });
  write(step, digestOf(step), times);
}

/** Replaced in one step: others judge at the same moment. */
function write({ id }, content, times) {
  const draft = join(STAMPS, `${id}.${process.pid}`);
  writeFileSync(draft, `${content}\n${times}`);
  renameSync(draft, join(STAMPS, id));
}

/** Where nothing may be written, the files are read each time. */
function note(step, content, times) {
  try {
    write(step, content, times);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  }
}

/** A digest of size and times of all inputs; empty while one of them was changed just now. @param {Step} step @param {Listings} listings */
function timesOf({ inputs, only = /./ }, listings = new Map()) {
  const lines = [process.version.split('.')[0]];
  const recent = Date.now() - UNCHANGED_FOR_MS;
  for (const file of inputs.flatMap((path) => filesOf(path, only, listings))) {
    const { size, mtimeMs, ctimeMs } = statSync(file);
    if (ctimeMs > recent || mtimeMs > recent) return '';
    lines.push(`${file.slice(PROJECT.length)} ${size} ${mtimeMs} ${ctimeMs}`);
  }
  return createHash('sha256').update(lines.join('\0')).digest('hex');
}

/** @param {Step} step */
function digestOf({ inputs, only = /./ }) {
  const hash = createHash('sha256').update(process.version.split('.')[0]);
  for (const file of inputs.flatMap((path) => filesOf(path, only))) {
    hash
      .update(`${relative(PROJECT, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** A file counts whatever its name is. @param {string} path @param {RegExp} only @param {Listings} [listings] @returns {string[]} */
function filesOf(path, only, listings = new Map()) {
  if (!listings.has(path)) listings.set(path, filesBelow(path));
  return listings.get(path).filter((file) => file === path || only.test(basename(file)));
}

/** @param {string} path @returns {string[]} */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) ? [] : filesBelow(inner);
      return [inner];
    });
}
