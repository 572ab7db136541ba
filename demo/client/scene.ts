import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { PlayerError } from './player-error.js';
import { projectPath } from '../../shared/root.js';

/** The location of an incident. */
export interface Scene {
  /** AGS of the Kreis. */
  area: string;
  name: string;
  position: { latitude: number; longitude: number };
}

/** Returns the middle of a Kreis as a scene. Throws PlayerError. */
export function sceneIn(area: string): Scene {
  const scene = scenes().find((one) => one.area === area);
  if (!scene) {
    throw new PlayerError(
      `--area is "${area}", expected the AGS of a Kreis, five digits, like 05315 for Cologne.`,
    );
  }
  return scene;
}

/** Returns the middle of each Kreis as a scene. */
export function scenes(): Scene[] {
  const file = readFileSync(projectPath('data/geo/kreise_2018.csv'));
  const kreise: Record<string, string>[] = parse(file, { columns: true });
  return kreise.map(({ ags, name, centroid_lat, centroid_lon }) => ({
    area: ags!,
    name: name!,
    position: { latitude: Number(centroid_lat), longitude: Number(centroid_lon) },
  }));
}
