import type { Pool } from 'pg';
import { inTransaction } from '../../../../shared/database/index.js';
import { pznFault } from '../catalogue/rules.js';
import { storeItems } from '../catalogue/index.js';
import { storageRules } from './files.js';
import { type FileFault, readMedicineFile } from './medicine-file.js';
import { itemOfMedicine, medicinesOf } from './medicines.js';
import { lockImport } from './store.js';

/** The numbers of medicines of an import. */
export interface ImportedMedicines {
  listed: number;
  /** New ones, and those of which something changed. */
  changed: number;
  withoutSubstance: number;
  /** Texts in the column of the Pharmazentralnummer that are none. */
  invalidNumbers: string[];
}

/**
 * Adds the medicines of a list in the form of BfArM's reference database (§ 31b SGB V). Importing the same list again changes nothing; a medicine
 * that the list does not have stays. A file that is no such list changes nothing.
 */
export async function importMedicines(
  pool: Pool,
  bytes: Uint8Array,
): Promise<ImportedMedicines | FileFault> {
  const rows = readMedicineFile(bytes);
  if ('fault' in rows) return rows;
  const listed = medicinesOf(rows);
  const invalidNumbers = listed.map(({ pzn }) => pzn).filter((pzn) => pznFault(pzn) !== undefined);
  const rules = storageRules();
  const items = listed
    .filter(({ pzn }) => pznFault(pzn) === undefined)
    .map((medicine) => itemOfMedicine(medicine, rules));
  const changed = await inTransaction(pool, async (db) => {
    await lockImport(db);
    return storeItems(db, items);
  });
  return {
    listed: items.length,
    changed,
    invalidNumbers,
    withoutSubstance: items.filter(({ substance }) => substance === null).length,
  };
}
