import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { areaToday } from '../../../shared/areas/areas.js';
import { kilometresOutside } from '../../../shared/areas/borders.js';
import { projectPath } from '../../../shared/root.js';
import { facilityRecords } from './facilities.js';
import { readReferenceFiles } from './files.js';

const files = readReferenceFiles();
const sites = facilityRecords(files).filter(({ siteNumber }) => siteNumber !== null);
const confirmed = parse<Record<string, string>>(
  readFileSync(projectPath('data/hospitals/kreis_confirmed.csv')),
  { columns: true },
);
const bySite = new Map(sites.map((site) => [site.siteNumber, site]));

/** The town without the addition that distinguishes it from others: "Kassel, Hess", "Halle(Saale)", "Mainz am Rhein". */
const townOf = (text: string) => text.split(/,|\(|\/| am Rhein| bei | im | an der /)[0]!.trim();

/** Several towns have these names, and addresses do not always say which is meant. */
const SHARED_NAMES = new Set(['Frankfurt', 'Halle', 'Neustadt']);

interface Kreise {
  objects: {
    kreise: { geometries: { properties: { ags: string; name: string; type: string } }[] };
  };
}
const { objects } = JSON.parse(
  readFileSync(projectPath('data/geo/kreise_2021.topo.json'), 'utf8'),
) as Kreise;
/** Kreise that are a town, by its name; a Landkreis of the same name is another one. Eisenach is none today. */
const towns = new Map(
  objects.kreise.geometries
    .map(({ properties }) => properties)
    .filter(
      ({ ags, type }) => /^(Kreisfreie Stadt|Stadtkreis)$/.test(type) && areaToday(ags) === ags,
    )
    .map(({ ags, name }) => [townOf(name), ags]),
);

test('a site whose address names a kreisfreie Stadt lies in it', () => {
  expect(towns.size).toBeGreaterThan(100);
  const elsewhere = sites.filter(({ city, area }) => {
    const town = townOf(city ?? '');
    return !SHARED_NAMES.has(town) && towns.has(town) && towns.get(town) !== area;
  });
  expect(elsewhere.map(({ siteNumber, city, area }) => [siteNumber, city, area])).toEqual([]);
});

test('a site in a kreisfreie Stadt has an address that names it', () => {
  const names = new Map([...towns].map(([name, area]) => [area, name]));
  const others = sites.filter(({ city, area }) => {
    const name = names.get(area);
    return name !== undefined && !city!.startsWith(name.split(' ')[0]!);
  });
  expect(others.map(({ siteNumber, city, area }) => [siteNumber, city, area])).toEqual([]);
});

test('sites of one town with one postcode lie in one Kreis', () => {
  const areas = new Map<string, Set<string>>();
  for (const { city, postcode, area } of sites) {
    const key = `${postcode} ${townOf(city!)}`;
    areas.set(key, (areas.get(key) ?? new Set()).add(area));
  }
  expect([...areas].filter(([, found]) => found.size > 1)).toEqual([]);
});

test.each([
  ['772997', '09761', 'SUED', 'the university hospital of Augsburg'],
  ['773097', '08421', 'SUEDWEST', 'a hospital of Ulm, once in Bayern'],
  ['773408', '08421', 'SUEDWEST', 'a hospital of Ulm, once in Bayern'],
  ['772576', '07315', 'SUEDWEST', 'a hospital of Mainz, once in Hessen'],
  ['771736', '09162', 'SUED', 'the LMU in Großhadern'],
  ['771311', '05111', 'WEST', 'a hospital of Düsseldorf'],
  ['771570', '05111', 'WEST', 'a hospital of Düsseldorf'],
  ['772275', '05111', 'WEST', 'a hospital of Düsseldorf'],
])('%s lies in %s, %s: %s', (number, area, kleeblatt) => {
  expect(bySite.get(number)).toMatchObject({ area, kleeblatt });
});

test('every site lies in a Kreis of today and in the Kleeblatt of its Land', () => {
  const kleeblattOf = new Map(files.laender.map((row) => [row['land_ags'], row['kleeblatt']]));
  for (const { area, kleeblatt, siteNumber } of sites) {
    expect([siteNumber, areaToday(area)]).toEqual([siteNumber, area]);
    expect([siteNumber, kleeblatt]).toEqual([siteNumber, kleeblattOf.get(area.slice(0, 2))]);
  }
});

test('each correction changes a known site and says why', () => {
  const received = new Map(files.sites.map((row) => [row['standort_id'], row]));
  for (const { standort_id, kreis_ags, reason } of files.corrections) {
    expect(received.has(standort_id)).toBe(true);
    expect(received.get(standort_id)!['kreis_ags']).not.toBe(kreis_ags);
    expect(reason).toMatch(/\w+ \w+/);
  }
});

test('a site lies inside the borders of its Kreis, or its address is known to decide otherwise', () => {
  const decided = new Set([
    ...files.corrections.map((row) => row['standort_id']),
    ...confirmed.map((row) => row['standort_id']),
    // Eisenach is not inside the borders that its Kreis had on 2021-01-01.
    ...files.sites.flatMap((row) =>
      areaToday(row['kreis_ags']!) === row['kreis_ags'] ? [] : [row['standort_id']],
    ),
  ]);
  const outside = sites.filter((site) => kilometresOutside(site.area, site)! > 0);
  expect(outside.map(({ siteNumber }) => siteNumber).filter((site) => !decided.has(site!))).toEqual(
    [],
  );
});

test('a site that stays in its Kreis against the borders is in that Kreis', () => {
  for (const { standort_id, kreis_ags, reason } of confirmed) {
    expect(bySite.get(standort_id!)).toMatchObject({ area: kreis_ags });
    expect(reason).not.toBe('');
  }
});
