import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { projectPath } from '../root.js';
import { kilometresOutside } from './borders.js';

const kreise: { ags: string; centroid_lat: string; centroid_lon: string }[] = parse(
  readFileSync(projectPath('data', 'geo', 'kreise_2018.csv')),
  { columns: true },
);

test('every Kreis has borders, and its centre lies in it or near them', () => {
  expect(kreise).toHaveLength(401);
  for (const { ags, centroid_lat, centroid_lon } of kreise) {
    const centre = { latitude: Number(centroid_lat), longitude: Number(centroid_lon) };
    expect(kilometresOutside(ags, centre)).toBeLessThan(15);
  }
});

test.each([
  ['the cathedral of Cologne in Cologne', '05315', [50.9413, 6.9583], 0, 0],
  ['the cathedral of Cologne from Bonn', '05314', [50.9413, 6.9583], 18, 24],
  ['the cathedral of Cologne from München', '09162', [50.9413, 6.9583], 420, 460],
  ['a town that a Kreis lies around, from the Kreis', '09772', [48.3717, 10.8983], 0.5, 6],
  ['an island of a Kreis that has many', '01054', [54.905, 8.31], 0, 1],
  ['the Gulf of Guinea from Cologne', '05315', [0, 0], 5_600, 5_720],
  ['Cologne with its degrees swapped', '05315', [6.9583, 50.9413], 5_500, 6_500],
])('%s', (_, kreis, [latitude, longitude], least, most) => {
  const km = kilometresOutside(kreis, { latitude: latitude!, longitude: longitude! });
  expect(km).toBeGreaterThanOrEqual(least);
  expect(km).toBeLessThanOrEqual(most);
});

test('a Kreis that is not known has no borders', () => {
  expect(kilometresOutside('05999', { latitude: 50, longitude: 7 })).toBeUndefined();
});
