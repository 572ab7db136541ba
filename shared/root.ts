import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder: the nearest one above this file that holds a package.json, from the sources and from `dist/` alike. */
const root = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

/** Absolute path of a file or folder that ships with the project, for example `data/geo/kleeblatt.csv`. */
export function projectPath(...parts: string[]): string {
  return join(root, ...parts);
}
