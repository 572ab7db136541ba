import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { projectPath } from '../../shared/root.js';
import { nestedUnits } from './nested-units.js';

/** Intensive-care beds per day (`YYYY-MM-DD`) and key: a Kreis file's units, or the Länder. */
export type BedsByDay = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** How the sums of the Kreise of a Land differ from the Land's own number, which counts adults only. */
export interface LandComparison {
  /** AGS. */
  land: string;
  /** By how much the Kreis sum changes from day to day for each bed by which the Land's number changes. */
  slope: number;
  /** Correlation of these changes. */
  correlation: number;
  /** The part of the Land's number by which the Kreis sum is larger, per day. */
  surplus: ReadonlyMap<string, number>;
}

/** Reads operable or occupied beds of the register's Kreis file of the whole shared period, every unit as it stands there. */
export function readKreisFile(column: 'gesamt' | 'belegt' = 'gesamt'): BedsByDay {
  return bedsByDay('landkreise_2020-04-24_2021-09-30.csv.gz', 'landkreis_id', (row) =>
    Number(row[`intensivbetten_${column}`]),
  );
}

/** Reads the register's Land file of the whole shared period: occupied and free beds of adults together. */
export function readLandFile(): BedsByDay {
  return bedsByDay(
    'bundeslaender_2020-03-20_2021-09-30.csv.gz',
    'bundesland_id',
    (row) => Number(row['intensivbetten_belegt']) + Number(row['intensivbetten_frei']),
  );
}

/** Sums the units of each Land; units inside another unit are left out, unless `leftOut` names others. */
export function landSums(
  kreise: BedsByDay,
  leftOut: ReadonlyMap<string, string> = nestedUnits(),
): BedsByDay {
  return new Map(
    [...kreise].map(([day, units]) => {
      const sums = new Map<string, number>();
      for (const [unit, beds] of units) {
        if (leftOut.has(unit)) continue;
        const land = unit.slice(0, 2);
        sums.set(land, (sums.get(land) ?? 0) + beds);
      }
      return [day, sums];
    }),
  );
}

/** Compares the Kreis sums with the Land's own numbers on the days that both files have. */
export function compareLand(land: string, sums: BedsByDay, official: BedsByDay): LandComparison {
  const days = [...sums.keys()].filter((day) => official.has(day)).sort();
  const mine = days.map((day) => sums.get(day)!.get(land)!);
  const theirs = days.map((day) => official.get(day)!.get(land)!);
  return {
    land,
    ...regression(changes(theirs), changes(mine)),
    surplus: new Map(days.map((day, n) => [day, mine[n]! / theirs[n]! - 1])),
  };
}

/** The differences of each number to the one before. */
export function changes(numbers: readonly number[]): number[] {
  return numbers.slice(1).map((number, n) => number - numbers[n]!);
}

/** The least-squares line through pairs of numbers, and their correlation; both 0 where one of them never changes. */
export function regression(
  xs: readonly number[],
  ys: readonly number[],
): { slope: number; correlation: number } {
  const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const [meanX, meanY] = [mean(xs), mean(ys)];
  let [xx, xy, yy] = [0, 0, 0];
  for (const [n, x] of xs.entries()) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (ys[n]! - meanY);
    yy += (ys[n]! - meanY) ** 2;
  }
  return xx === 0 || yy === 0
    ? { slope: 0, correlation: 0 }
    : { slope: xy / xx, correlation: xy / Math.sqrt(xx * yy) };
}

function bedsByDay(
  file: string,
  key: string,
  bedsIn: (row: Record<string, string>) => number,
): BedsByDay {
  const content = gunzipSync(readFileSync(projectPath('data/divi', file)));
  const days = new Map<string, Map<string, number>>();
  for (const row of parse<Record<string, string>>(content, { columns: true })) {
    const day = days.get(row['datum']!) ?? new Map<string, number>();
    days.set(row['datum']!, day.set(row[key]!, bedsIn(row)));
  }
  return days;
}
