import { CsvError, parse } from 'csv-parse/sync';
import { headingFault, LIST_COLUMNS, type ListFault, type ListRow } from './rules.js';

/**
 * Reads the rows of BfArM's list of shortages: semicolons between the columns, in UTF-8 or, as it is published, in Windows-1252.
 * Returns in one sentence why a file is no such list, or breaks off.
 */
export function readListFile(bytes: Uint8Array): ListRow[] | ListFault {
  const text = textOf(bytes);
  if (text.includes('\0')) return { fault: 'The file is no list of shortages: it is no text.' };
  const fault = headingFault(headingOf(text));
  if (fault !== undefined) return { fault };
  try {
    const rows = parse<ListRow>(text, {
      columns: true,
      bom: true,
      delimiter: ';',
      relax_quotes: true,
      skip_empty_lines: true,
    });
    return endsWithin(text, rows) ? { fault: BREAKS_OFF } : rows;
  } catch (err) {
    if (!(err instanceof CsvError)) throw err;
    const { lines } = err as { lines?: number };
    return {
      fault: `The list breaks off or is damaged in line ${lines ?? 'unknown'}: expected ${LIST_COLUMNS.length} columns with closed quotes. Download it again.`,
    };
  }
}

const BREAKS_OFF =
  'The list breaks off within its last line, which ends in the middle of a word. Download it again.';

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not every text in Windows-1252 is one in UTF-8: an umlaut alone never is.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function headingOf(text: string): string[] {
  const [line = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1);
  return line.split(';').map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
}

/** Classifications that BfArM publishes, beside those of the other rows. */
const CLASSIFICATIONS = ['versorgungsrelevant', 'versorgungskritisch'];

/**
 * Returns whether the last line was cut within its last column, where it has as many columns as a whole one: it has no line end, and
 * its classification is only the beginning of one. A whole file may come without a line end too.
 */
function endsWithin(text: string, rows: readonly ListRow[]): boolean {
  if (/["\n\r]$/.test(text)) return false;
  const last = rows.at(-1)?.['klassifikation'] ?? '';
  const known = [
    ...CLASSIFICATIONS,
    ...rows.slice(0, -1).map((row) => row['klassifikation'] ?? ''),
  ];
  return !known.includes(last) && known.some((value) => value.startsWith(last));
}
