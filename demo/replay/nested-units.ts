import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { projectPath } from '../../shared/root.js';

let nested: ReadonlyMap<string, string> | undefined;

/**
 * Returns the units of the register's Kreis files that lie inside another one, and that other one. Their beds are counted in
 * the outer unit's rows already, so only those are reported. Source: `data/divi/nested_units.csv`.
 */
export function nestedUnits(): ReadonlyMap<string, string> {
  nested ??= new Map(
    parse<{ inner: string; outer: string }>(
      readFileSync(projectPath('data/divi/nested_units.csv')),
      { columns: true },
    ).map(({ inner, outer }) => [inner, outer]),
  );
  return nested;
}
