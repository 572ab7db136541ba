import { idOfKey } from '../../../../shared/database/index.js';
import type { ItemRow } from '../catalogue/rules.js';
import { storageOf, type StorageRule } from './storage.js';

/** A medicine of the reference database: its number, dose form and substances with their strengths. */
export interface Medicine {
  pzn: string;
  doseForm: string;
  substances: readonly string[];
}

const LONGEST_NAME = 200;

/**
 * Makes one medicine of the rows of each number. The sample has a row for each substance; its column `gruppe` is not used, because
 * it files by parts of words: Somatropin, a growth hormone, stands there under Atropin.
 */
export function medicinesOf(rows: readonly Readonly<Record<string, string>>[]): Medicine[] {
  const medicines = new Map<string, { pzn: string; doseForm: string; substances: Set<string> }>();
  for (const row of rows) {
    const pzn = row['pzn']!;
    const known = medicines.get(pzn);
    const medicine = known ?? { pzn, doseForm: row['darreichungsform']!, substances: new Set() };
    for (const substance of substancesOf(row)) medicine.substances.add(substance);
    medicines.set(pzn, medicine);
  }
  return [...medicines.values()].map(({ substances, ...rest }) => ({
    ...rest,
    substances: [...substances],
  }));
}

export function itemOfMedicine(
  { pzn, doseForm, substances }: Medicine,
  rules: readonly StorageRule[],
): ItemRow {
  return {
    id: idOfKey(`item pzn ${pzn}`),
    kind: /^gas\b/i.test(doseForm) ? 'GAS' : 'MEDICINE',
    name: nameOf(pzn, doseForm, substances),
    unit: 'PACK',
    storage: storageOf(substances, doseForm, rules),
    pzn,
    substance: substances.length === 0 ? null : substances.join('; '),
    doseForm: doseForm || null,
    lifeline: null,
    lifelineQuantity: null,
  };
}

function nameOf(pzn: string, doseForm: string, substances: readonly string[]): string {
  const form = doseForm || 'dose form not stated';
  if (substances.length === 0) return `PZN ${pzn}, ${form}`;
  const full = `${substances.join('; ')}, ${form}`;
  if (full.length <= LONGEST_NAME) return full;
  const [first, ...others] = substances;
  const short = `${first} and ${others.length} other substances, ${form}`;
  return short.length <= LONGEST_NAME ? short : `${short.slice(0, LONGEST_NAME - 1)}…`;
}

/** The sample has one substance in two columns, the large list all of them in one, with semicolons between them. */
function substancesOf(row: Readonly<Record<string, string>>): string[] {
  const texts = row['wirkstoffe']?.split(';') ?? [`${row['substanz']} ${row['staerke']}`];
  return texts.map(readable).filter((text) => text !== '');
}

/** The register writes ".4 g" for 0.4 g, and a comment on a substance in double brackets. */
function readable(text: string): string {
  return text
    .replace(/(^|\s)\.(\d)/g, '$10.$2')
    .replace(/\(\((.*?)\)\)/g, '($1)')
    .replace(/\s+/g, ' ')
    .trim();
}
