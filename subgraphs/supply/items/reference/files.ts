import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { idOfKey } from '../../../../shared/database/index.js';
import { projectPath } from '../../../../shared/root.js';
import type { ItemKind, LifelineKind, StorageNeed, Unit } from '../../generated/graphql.js';
import type { ItemRow } from '../catalogue/rules.js';
import { itemOfMedicine, medicinesOf } from './medicines.js';
import type { StorageRule } from './storage.js';

const MEDICINES = 'data/medicines/icu_medicines_sample.csv';
const COMBINATIONS = 'data/medicines/combinations.csv';
const STORAGE_NEEDS = 'data/medicines/storage_needs.csv';
const CATALOGUE = 'data/items/catalogue.csv';

/** Counted up whenever the same files give other items, so that a database that has them already gets the new ones. */
const REVISION = 3;

/** Returns a digest that changes when any of the lists does, or what is made of them. */
export function itemsDigest(): string {
  const hash = createHash('sha256').update(String(REVISION));
  for (const file of [MEDICINES, COMBINATIONS, STORAGE_NEEDS, CATALOGUE]) {
    hash.update(readFileSync(projectPath(file)));
  }
  return hash.digest('hex');
}

/** Returns the items of the lists that ship with the project. */
export function shippedItems(): ItemRow[] {
  const rules = storageRules();
  return [
    ...medicinesOf(medicineRows()).map((medicine) => itemOfMedicine(medicine, rules)),
    ...rowsOf(CATALOGUE).map(({ key, kind, name, unit, storage, ...feeds }) => ({
      id: idOfKey(`item ${key}`),
      kind: kind as ItemKind,
      name: name!,
      unit: unit as Unit,
      storage: storage as StorageNeed,
      pzn: null,
      substance: null,
      doseForm: null,
      lifeline: feeds['lifeline'] ? (feeds['lifeline'] as LifelineKind) : null,
      lifelineQuantity: feeds['lifeline'] ? Number(feeds['lifeline_quantity']) : null,
    })),
  ];
}

/** The rows of the sample, which names one substance of each medicine with several, without those; and those with all substances. */
function medicineRows(): Record<string, string>[] {
  const combinations = rowsOf(COMBINATIONS);
  const complete = new Set(combinations.map(({ pzn }) => pzn));
  return [...rowsOf(MEDICINES).filter(({ pzn }) => !complete.has(pzn)), ...combinations];
}

export function storageRules(): StorageRule[] {
  return rowsOf(STORAGE_NEEDS).map((row) => ({
    substanceBegins: row['substance_begins']!,
    doseFormBegins: row['dose_form_begins']!,
    storage: row['storage'] as StorageNeed,
  }));
}

function rowsOf(file: string): Record<string, string>[] {
  return parse(readFileSync(projectPath(file)), {
    columns: true,
    skip_empty_lines: true,
    trim: true,
    bom: true,
  });
}
