import { existsSync, readFileSync } from 'node:fs';
import type { Occurrence } from './occurrences.js';

/** Counts per folder and term; what is not there is 0. */
export type Counts = Record<string, Record<string, number>>;

/** Returns the folder that a file counts in: its subgraph, or the first part of its path; `.` for files at the top. */
export function folderOf(file: string): string {
  const parts = file.split('/');
  if (parts.length === 1) return '.';
  return parts.slice(0, parts[0] === 'subgraphs' ? 2 : 1).join('/');
}

export function countByFolder(occurrences: Occurrence[]): Counts {
  const counts: Counts = {};
  for (const { folder, term } of occurrences) {
    const ofFolder = (counts[folder] ??= {});
    ofFolder[term] = (ofFolder[term] ?? 0) + 1;
  }
  return sorted(counts);
}

export function readLimits(file: string): Counts {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Counts) : {};
}

export interface Excess {
  folder: string;
  term: string;
  count: number;
  limit: number;
}

/** Returns where there is more than the limits allow. */
export function excesses(limits: Counts, counts: Counts): Excess[] {
  return entriesOf(counts)
    .map(([folder, term, count]) => ({ folder, term, count, limit: limits[folder]?.[term] ?? 0 }))
    .filter(({ count, limit }) => count > limit);
}

/** Returns the limits without what was removed: never higher than before, and no entry where nothing is left. */
export function lowered(limits: Counts, counts: Counts): Counts {
  const next: Counts = {};
  for (const [folder, term, limit] of entriesOf(limits)) {
    const count = Math.min(limit, counts[folder]?.[term] ?? 0);
    if (count > 0) (next[folder] ??= {})[term] = count;
  }
  return sorted(next);
}

function entriesOf(counts: Counts): [folder: string, term: string, count: number][] {
  return Object.entries(counts).flatMap(([folder, terms]) =>
    Object.entries(terms).map(([term, count]): [string, string, number] => [folder, term, count]),
  );
}

function sorted(counts: Counts): Counts {
  const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
  return Object.fromEntries(
    Object.entries(counts)
      .sort(byName)
      .map(([folder, terms]) => [folder, Object.fromEntries(Object.entries(terms).sort(byName))]),
  );
}
