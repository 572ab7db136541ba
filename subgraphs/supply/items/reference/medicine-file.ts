import { gunzipSync } from 'node:zlib';
import { CsvError, parse } from 'csv-parse/sync';

/** The file cannot be used: one sentence that says why. */
export interface FileFault {
  fault: string;
}

/** Columns of the reference database as the large list has them; the sample has the substances in two columns of their own. */
const COLUMNS = ['pzn', 'darreichungsform', 'wirkstoffe'];
const COLUMNS_OF_SAMPLE = ['pzn', 'darreichungsform', 'substanz', 'staerke'];
const GZIP = [0x1f, 0x8b];

/** Reads the rows of a list of medicines, also a compressed one (gzip). Returns in one sentence why a file is no such list. */
export function readMedicineFile(bytes: Uint8Array): Record<string, string>[] | FileFault {
  const text = textOf(bytes);
  if (typeof text !== 'string') return text;
  const heading = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, 1)[0]!
    .split(',');
  const isList = [COLUMNS, COLUMNS_OF_SAMPLE].some((columns) =>
    columns.every((column) => heading.includes(column)),
  );
  if (!isList) {
    return {
      fault: `The file is no list of medicines: expected the columns ${COLUMNS.join(', ')}, with commas between them.`,
    };
  }
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (err) {
    if (!(err instanceof CsvError)) throw err;
    return {
      fault: `The list breaks off or is damaged in line ${(err as { lines?: number }).lines ?? 'unknown'}: expected ${heading.length} columns with closed quotes.`,
    };
  }
}

function textOf(bytes: Uint8Array): string | FileFault {
  try {
    const isCompressed = GZIP.every((byte, n) => bytes[n] === byte);
    const plain = isCompressed ? gunzipSync(bytes) : bytes;
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch {
    return {
      fault: 'The file is no list of medicines: it is neither text in UTF-8 nor whole gzip.',
    };
  }
}
