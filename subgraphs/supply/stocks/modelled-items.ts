import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { idOfKey } from '../../../shared/database/index.js';
import { projectPath } from '../../../shared/root.js';
import type { ModelledItem } from './rules.js';

const FILE = 'data/modelled-stocks/modelled-stocks.csv';

/** A line of the file; its item is not looked up yet. */
interface PlannedItem extends Omit<ModelledItem, 'item' | 'isWhole'> {
  /** Pharmazentralnummer; null for an item of the project's list. */
  pzn: string | null;
  /** Id of an item of the project's list; null for a medicine. */
  id: string | null;
}

/** Returns the lines of `data/modelled-stocks`. */
export function plannedItems(): PlannedItem[] {
  const rows: Record<string, string>[] = parse(readFileSync(projectPath(FILE)), {
    columns: true,
    skip_empty_lines: true,
  });
  return rows.map((row) => {
    const reference = row['item']!;
    const isMedicine = reference.startsWith('pzn:');
    return {
      pzn: isMedicine ? reference.slice('pzn:'.length) : null,
      id: isMedicine ? null : idOfKey(`item ${reference}`),
      per: row['per'] as ModelledItem['per'],
      perDay: Number(row['per_day']),
      days: Number(row['days']),
      shortBelowDays: row['short_below_days'] === '' ? null : Number(row['short_below_days']),
      everyDays: Number(row['every_days']),
      rule: row['rule']!,
    };
  });
}
