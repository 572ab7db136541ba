import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { projectPath } from '../shared/root.js';

/** The areas a right can be bound to: Länder (2 digits), Regierungsbezirke (3) and Kreise (5). */
export function knownAreas(): ReadonlySet<string> {
  return new Set([
    ...laender().map(({ land_ags }) => land_ags),
    ...rowsOf('regierungsbezirke.csv').map(({ ags }) => ags!),
    ...rowsOf('kreise_2018.csv').map(({ ags }) => ags!),
  ]);
}

/** The Länder of each Kleeblatt. */
export function kleeblaetter(): ReadonlyMap<string, string[]> {
  const areas = new Map<string, string[]>();
  for (const { kleeblatt, land_ags } of laender()) {
    areas.set(kleeblatt, [...(areas.get(kleeblatt) ?? []), land_ags]);
  }
  return areas;
}

function laender() {
  return rowsOf('kleeblatt.csv') as { kleeblatt: string; land_ags: string }[];
}

function rowsOf(file: string): Record<string, string>[] {
  return parse(readFileSync(projectPath('data/geo', file)), { columns: true });
}
