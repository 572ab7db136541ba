// JavaScript, because it runs before anything is compiled.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
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

const NOT_SOURCES = new Set(['node_modules', 'dist']);

/** Judged by content, because checkouts and copies change the time of files that stayed the same. @param {Step} step */
export function isStale(step) {
  const file = join(STAMPS, step.id);
  if (![file, ...step.outputs].every((path) => existsSync(path))) return true;
  return readFileSync(file, 'utf8') !== digestOf(step);
}

/** Notes that the step was run for its present inputs. @param {Step} step */
export function stamp(step) {
  const file = join(STAMPS, step.id);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, digestOf(step));
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

/** @param {string} path @param {RegExp} only @returns {string[]} */
function filesOf(path, only) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) ? [] : filesOf(inner, only);
      return only.test(entry.name) ? [inner] : [];
    });
}
