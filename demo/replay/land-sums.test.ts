import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { projectPath } from '../../shared/root.js';
import {
  changes,
  compareLand,
  landSums,
  readKreisFile,
  readLandFile,
  regression,
  type BedsByDay,
} from './land-sums.js';
import { nestedUnits } from './nested-units.js';
import { readRegister } from './register.js';

const kreise = readKreisFile();
const official = readLandFile();
const sums = landSums(kreise);
const DAYS = [...kreise.keys()].sort();
const LAENDER = [...official.get('2020-10-01')!.keys()].sort();
/** Until then the Land file counts children too, for the most part. */
const ADULTS_ONLY = '2020-08-10';
const THURINGIA = '16';
const EISENACH = '16056';

const of = (beds: BedsByDay, key: string, days = DAYS) =>
  days.map((day) => beds.get(day)?.get(key));

test('both files have the whole shared period, 2020-04-24 to 2021-09-30', () => {
  expect([DAYS[0], DAYS.at(-1), DAYS.length]).toEqual(['2020-04-24', '2021-09-30', 525]);
  expect(LAENDER).toHaveLength(16);
  expect(DAYS.every((day) => official.get(day)?.size === 16)).toBe(true);
});

test('a replayed day sums to what is compared here', async () => {
  const file = projectPath('data/divi/landkreise_2020-04-24_2021-09-30.csv.gz');
  const { days } = await readRegister(file, '2021-01-15', '2021-01-15');
  const replayed = days.get('2021-01-15')!.reduce((all, { operable }) => all + operable, 0);
  expect(replayed).toBe([...sums.get('2021-01-15')!.values()].reduce((a, b) => a + b, 0));
});

test('the first day counts Eisenach once: 30,513 beds in Germany, 927 in Thüringen', () => {
  const day = sums.get('2020-10-01')!;
  expect([...day.values()].reduce((a, b) => a + b, 0)).toBe(30_513);
  expect(day.get(THURINGIA)).toBe(927);
});

describe('units inside another one', () => {
  test.each([...nestedUnits()])('%s never has more beds than %s around it', (inner, outer) => {
    const [inside, around] = [of(kreise, inner), of(kreise, outer)];
    expect(around.every((beds, n) => beds! >= (inside[n] ?? 0))).toBe(true);
  });

  test('Eisenach’s changes reappear in the Wartburgkreis', () => {
    const [inside, around] = [of(kreise, EISENACH), of(kreise, '16063')] as number[][];
    const { slope, correlation } = regression(changes(inside!), changes(around!));
    expect(slope).toBeCloseTo(1, 1);
    expect(correlation).toBeGreaterThan(0.5);
  });

  test('the changes of Hamburg’s districts together reappear in 02000', () => {
    const districts = [...nestedUnits()].filter(([, outer]) => outer === '02000');
    const inside = DAYS.map((day) =>
      districts.reduce((all, [inner]) => all + (kreise.get(day)!.get(inner) ?? 0), 0),
    );
    const around = of(kreise, '02000') as number[];
    const { slope, correlation } = regression(changes(inside), changes(around));
    expect(slope).toBeCloseTo(1, 1);
    expect(correlation).toBeGreaterThan(0.9);
  });

  test('counted beside the outer one Eisenach is in the surplus over the Land with slope 1, left out it is not', () => {
    const days = DAYS.filter((day) => day >= ADULTS_ONLY);
    const own = changes(of(kreise, EISENACH, days) as number[]);
    const surplusOf = (thuringia: BedsByDay) =>
      days.map((day) => thuringia.get(day)!.get(THURINGIA)! - official.get(day)!.get(THURINGIA)!);
    const without = new Map([...nestedUnits()].filter(([inner]) => inner !== EISENACH));
    const twice = regression(own, changes(surplusOf(landSums(kreise, without))));
    const once = regression(own, changes(surplusOf(sums)));
    expect(twice.slope).toBeCloseTo(1, 1);
    expect(twice.correlation).toBeGreaterThan(0.5);
    expect(Math.abs(once.slope)).toBeLessThan(0.1);
  });

  test('nothing else in the file looks like one', () => {
    const keys = [...new Set(DAYS.flatMap((day) => [...kreise.get(day)!.keys()]))];
    // Occupied beds change every day, operable ones by a few large steps that coincide by chance.
    const occupied = readKreisFile('belegt');
    const series = new Map(keys.map((key) => [key, of(occupied, key)]));
    const looksNested = (inner: string, outer: string) => {
      const [inside, around] = [series.get(inner)!, series.get(outer)!];
      const both = DAYS.flatMap((_, n) =>
        inside[n] === undefined || around[n] === undefined ? [] : [[inside[n], around[n]] as const],
      );
      if (both.some(([one, other]) => one > other)) return false;
      const { slope, correlation } = regression(
        changes(both.map(([one]) => one)),
        changes(both.map(([, other]) => other)),
      );
      return correlation > 0.5 && slope > 0.8;
    };
    const found = keys.flatMap((outer) =>
      keys
        .filter((inner) => inner !== outer && inner.slice(0, 2) === outer.slice(0, 2))
        .filter((inner) => looksNested(inner, outer))
        .map((inner) => [inner, outer]),
    );
    expect(found).toContainEqual([EISENACH, '16063']);
    for (const [inner, outer] of found) expect(nestedUnits().get(inner!)).toBe(outer);
  });
});

describe.each(LAENDER)('the Kreise of the Land %s', (land) => {
  const { slope, correlation, surplus } = compareLand(land, sums, official);

  test('change together by as much as the Land’s own number', () => {
    expect(slope).toBeGreaterThan(0.93);
    expect(slope).toBeLessThan(1.07);
    expect(correlation).toBeGreaterThan(0.93);
  });

  test('have 0 to 12 % more beds than the Land counts for adults, but for the days that are listed', () => {
    const outside = [...surplus].filter(([, part]) => part < 0 || part > 0.12);
    const percent = (part: number) => (part * 100).toFixed(1);
    const parts = outside.map(([, part]) => part);
    const found = outside.length > 0 && {
      land,
      first: outside[0]![0],
      last: outside.at(-1)![0],
      days: String(outside.length),
      least_percent: percent(Math.min(...parts)),
      most_percent: percent(Math.max(...parts)),
    };
    const listed = listedDays().find((row) => row['land'] === land);
    if (found) {
      expect(listed).toMatchObject(found);
      expect(listed!['reason']).not.toBe('');
    } else expect(listed).toBeUndefined();
  });
});

test('Thüringen’s surplus falls by Eisenach’s share', () => {
  const without = new Map([...nestedUnits()].filter(([inner]) => inner !== EISENACH));
  const twice = compareLand(THURINGIA, landSums(kreise, without), official).surplus;
  const once = compareLand(THURINGIA, sums, official).surplus;
  for (const day of DAYS) {
    const share = kreise.get(day)!.get(EISENACH)! / official.get(day)!.get(THURINGIA)!;
    expect(twice.get(day)! - once.get(day)!).toBeCloseTo(share, 10);
  }
  expect(Math.max(...once.values())).toBeLessThan(0.12);
  expect(Math.max(...twice.values())).toBeGreaterThan(0.12);
});

function listedDays(): Record<string, string>[] {
  return parse(readFileSync(projectPath('data/divi/surplus_outside.csv')), { columns: true });
}
