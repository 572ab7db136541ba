import { readFileSync } from 'node:fs';
import { projectPath } from '../../../shared/root.js';

/** A profession of health. */
export interface ListedProfession {
  oid: string;
  /** German name. */
  name: string;
}

/** A chamber: the professions that must belong to it, and the areas (AGS prefixes) for which it is competent. */
export interface ListedChamber {
  id: string;
  name: string;
  /** OIDs of `Profession`. */
  professions: readonly string[];
  areas: readonly string[];
}

const read = (file: string): unknown => JSON.parse(readFileSync(projectPath(file), 'utf8'));

export const PROFESSIONS = read('data/professions/professions.json') as readonly ListedProfession[];
export const CHAMBERS = read('data/chambers/chambers.json') as readonly ListedChamber[];

const professions = new Map(PROFESSIONS.map((one) => [one.oid, one]));
const chambers = new Map(CHAMBERS.map((one) => [one.id, one]));

export function professionWithOid(oid: string): ListedProfession | undefined {
  return professions.get(oid);
}

export function chamberWithId(id: string): ListedChamber | undefined {
  return chambers.get(id);
}
