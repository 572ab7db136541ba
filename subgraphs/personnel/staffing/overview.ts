import { kleeblaetter } from '../../../shared/areas/index.js';
import type { RegionLevel } from '../generated/graphql.js';
import type { StaffRow } from './sums.js';

const DIGITS = { COUNTRY: 0, LAND: 2, REGIERUNGSBEZIRK: 3, KREIS: 5 } as const;

/** Returns whether regions of a level can lie in an area. */
export function liesIn(level: RegionLevel, area: string): boolean {
  return level === 'KLEEBLATT' ? area === '' : DIGITS[level] >= area.length;
}

/** Returns the rows of each region of a level, by code; Germany has the code `DE`. */
export function byRegion(rows: readonly StaffRow[], level: RegionLevel): [string, StaffRow[]][] {
  const codeOf = level === 'KLEEBLATT' ? kleeblattOf() : agsOf(DIGITS[level]);
  const regions = new Map<string, StaffRow[]>();
  for (const row of rows) {
    const code = codeOf(row.area);
    const known = regions.get(code);
    if (known) known.push(row);
    else regions.set(code, [row]);
  }
  return [...regions].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Returns the AGS prefixes that a `Region.code` consists of. */
export function areasOfRegion(code: string): readonly string[] {
  if (code === 'DE') return [''];
  return kleeblaetter().get(code) ?? [code];
}

function agsOf(digits: number): (area: string) => string {
  return (area) => area.slice(0, digits) || 'DE';
}

function kleeblattOf(): (area: string) => string {
  const byLand = new Map(
    [...kleeblaetter()].flatMap(([name, laender]) => laender.map((land) => [land, name] as const)),
  );
  return (area) => byLand.get(area.slice(0, 2))!;
}
