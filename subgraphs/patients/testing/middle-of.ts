import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { projectPath } from '../../../shared/root.js';

/** The middle of a Kreis, where something may be declared for it; of what is no Kreis, the middle of Cologne. */
export function middleOf(kreis: unknown): { latitude: number; longitude: number } {
  const file = readFileSync(projectPath('data/geo/kreise_2018.csv'));
  const kreise: Record<string, string>[] = parse(file, { columns: true });
  const { centroid_lat, centroid_lon } =
    kreise.find(({ ags }) => ags === kreis) ?? kreise.find(({ ags }) => ags === '05315')!;
  return { latitude: Number(centroid_lat), longitude: Number(centroid_lon) };
}
