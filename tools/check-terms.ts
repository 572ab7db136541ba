/**
 * Holds the language of the project: counts the words of `tools/terms/terms.json` per folder and fails where there are
 * more than `tools/terms/limits.json` allows. Limits only fall, a folder without an entry has none.
 *
 * `npm run check:terms`            fails on more than the limits, and says where
 * `npm run terms -- [path ...]`    lists what is found below the paths, with the standard term
 * `npm run terms -- --counts`      prints the counts per term and folder as JSON
 * `npm run terms -- --lower`       writes lower limits after words were removed
 */
import { writeFileSync } from 'node:fs';
import { projectPath } from '../shared/root.js';
import { countByFolder, excesses, lowered, readLimits } from './terms/limits.js';
import { findAll } from './terms/project.js';
import type { Occurrence } from './terms/occurrences.js';

const LIMITS = projectPath('tools/terms/limits.json');
const paths = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const has = (option: string) => process.argv.includes(`--${option}`);

const found = findAll();
const counts = countByFolder(found);

if (has('counts')) console.log(JSON.stringify(counts, null, 2));
else if (has('lower'))
  writeFileSync(LIMITS, `${JSON.stringify(lowered(readLimits(LIMITS), counts), null, 2)}\n`);
else if (has('list')) list(found.filter(({ file }) => isBelow(file, paths)));
else check();

function check(): void {
  const over = excesses(readLimits(LIMITS), counts);
  for (const { folder, term, count, limit } of over) {
    list(found.filter((one) => one.term === term && one.folder === folder));
    console.error(`${folder}: "${term}" ${count} times, at most ${limit}.`);
  }
  process.exitCode = over.length > 0 ? 1 : 0;
}

function list(occurrences: Occurrence[]): void {
  for (const { file, line, term, use, found: text } of occurrences) {
    console.log(`${file}:${line}: ${text}  [${term} -> ${use}]`);
  }
}

function isBelow(file: string, folders: string[]): boolean {
  return folders.length === 0 || folders.some((folder) => file.startsWith(folder));
}
