import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { projectPath } from '../../../shared/root.js';

/** A row of a reference file by its column names. */
export type CsvRow = Record<string, string>;

const FILES = {
  sites: 'data/hospitals/hospital_sites_DE.csv',
  corrections: 'data/hospitals/corrections.csv',
  placeholders: 'data/hospitals/placeholders.csv',
  helipads: 'data/helipads/helipads_DE.csv',
  kreise: 'data/geo/kreise_2018.csv',
  regierungsbezirke: 'data/geo/regierungsbezirke.csv',
  laender: 'data/geo/kleeblatt.csv',
} as const;

export type ReferenceFiles = Record<keyof typeof FILES, CsvRow[]>;

/** Counted up whenever the same files give other rows, so that a database that has them already gets the new ones. */
const REVISION = 2;

/** Returns a digest that changes when any of the reference files does, or what is made of them. */
export function referenceDigest(): string {
  const hash = createHash('sha256').update(String(REVISION));
  for (const file of Object.values(FILES)) hash.update(readFileSync(projectPath(file)));
  return hash.digest('hex');
}

export function readReferenceFiles(): ReferenceFiles {
  const files = Object.entries(FILES).map(([name, file]) => [
    name,
    parse<CsvRow>(readFileSync(projectPath(file)), {
      columns: true,
      skip_empty_lines: true,
      trim: true,
      bom: true,
    }),
  ]);
  return Object.fromEntries(files) as ReferenceFiles;
}
