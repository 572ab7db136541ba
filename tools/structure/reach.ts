import type { Import } from './layers.js';

/** Returns the files that the files of a folder import, and everything that these import. */
export function filesUsedBy(folder: string, imports: readonly Import[]): Set<string> {
  const byImporter = new Map<string, string[]>();
  for (const { from, to } of imports) byImporter.set(from, [...(byImporter.get(from) ?? []), to]);
  const used = new Set<string>();
  const open = [...byImporter.keys()].filter((path) => path.startsWith(`${folder}/`));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const to of byImporter.get(path) ?? []) {
      if (used.has(to)) continue;
      used.add(to);
      open.push(to);
    }
  }
  return used;
}
