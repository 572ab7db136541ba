import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { projectPath } from '../root.js';

/** A Kreis that was merged into another as a whole. */
export interface FormerKreis {
  /** AGS that the Kreis had. */
  key: string;
  /** AGS of the Kreis that it belongs to today. */
  successor: string;
  /** Last day on which the key was official, `YYYY-MM-DD`. */
  until: string;
}

let former: ReadonlyMap<string, FormerKreis> | undefined;
let current: ReadonlySet<string> | undefined;

/** Returns the former Kreise by their key, from `data/geo/former_kreise.csv`. */
export function formerKreise(): ReadonlyMap<string, FormerKreis> {
  former ??= new Map(
    rowsOf('former_kreise.csv').map((row) => [row['key']!, row as unknown as FormerKreis]),
  );
  return former;
}

/** Returns every AGS prefix that is an area today: '' for Germany, Länder, Regierungsbezirke and Kreise. */
export function currentAreas(): ReadonlySet<string> {
  current ??= new Set([
    '',
    ...rowsOf('kleeblatt.csv').map(({ land_ags }) => land_ags!),
    ...rowsOf('regierungsbezirke.csv').map(({ ags }) => ags!),
    ...rowsOf('kreise_2018.csv').flatMap(({ ags }) => (formerKreise().has(ags!) ? [] : [ags!])),
  ]);
  return current;
}

/** Returns the Länder (AGS) of each Kleeblatt. */
export function kleeblaetter(): ReadonlyMap<string, string[]> {
  const areas = new Map<string, string[]>();
  for (const { kleeblatt, land_ags } of rowsOf('kleeblatt.csv')) {
    areas.set(kleeblatt!, [...(areas.get(kleeblatt!) ?? []), land_ags!]);
  }
  return areas;
}

function rowsOf(file: string): Record<string, string>[] {
  return parse(readFileSync(projectPath('data/geo', file)), {
    columns: true,
    bom: true,
    trim: true,
    skip_empty_lines: true,
  });
}
