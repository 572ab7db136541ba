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

/** All reference files, and a digest that changes when any of them does. */
export function readReferenceFiles(): { files: ReferenceFiles; digest: string } {
  const hash = createHash('sha256');
  const read = (file: string): CsvRow[] => {
    const content = readFileSync(projectPath(file));
    hash.update(content);
    return parse<CsvRow>(content, { columns: true, skip_empty_lines: true, trim: true, bom: true });
  };
  const files = Object.fromEntries(
    Object.entries(FILES).map(([name, file]) => [name, read(file)]),
  ) as ReferenceFiles;
  return { files, digest: hash.digest('hex') };
}
