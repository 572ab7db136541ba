import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { PlayerError } from '../client/player-error.js';
import { formerKreise } from '../../shared/areas/index.js';
import { nestedUnits } from './nested-units.js';

/** The intensive care of one Kreis on one day, children included, as the register counts it. */
export interface KreisDay {
  /** AGS of today: the rows of former Kreise are summed under their successor. */
  kreis: string;
  operable: number;
  occupied: number;
  free: number;
}

export interface Register {
  /** Rows per day (`YYYY-MM-DD`), days in order. A Kreis without a row, or with `NA`, reports nothing that day. */
  days: Map<string, KreisDay[]>;
  /** First and last day of the whole file; undefined when it has no rows. */
  span: { first: string; last: string } | undefined;
  /** Kreise whose numbers end before the file does, and the last day of each that has some. */
  ends: Map<string, string>;
}

const DATE = 'datum';
const KREIS = 'landkreis_id';
const OPERABLE = 'intensivbetten_gesamt';
const OCCUPIED = 'intensivbetten_belegt';
const FREE = 'intensivbetten_frei';
const FORMAT = `a Kreis file of the register has ${DATE}, ${KREIS}, ${OCCUPIED} and ${OPERABLE} (or ${FREE})`;

const DELIMITERS = [',', ';', '\t'];
const LONGEST_HEADER = 100_000;

interface Line {
  record: Partial<Record<string, string>>;
  info: { lines: number };
}

/**
 * Reads a Kreis file of the register, plain or gzipped, with or without a byte order mark, any line ends, separated by commas,
 * semicolons or tabs, further columns in any order. The register's
 * own files leave out the operable beds: there they are occupied + free, by its own definition of free. Units inside
 * another one are left out. Throws PlayerError.
 */
export async function readRegister(file: string, from: string, to: string): Promise<Register> {
  const days = new Map<string, Map<string, KreisDay>>();
  const seen = new Set<string>();
  const lastDays = new Map<string, string>();
  let span: Register['span'];

  const addLine = ({ record, info }: Line) => {
    const at = `${file}, line ${info.lines}`;
    const day = record[DATE] ?? '';
    if (!isDay(day))
      throw new PlayerError(`${at}: ${DATE} is "${day}", expected a day like 2020-10-01.`);
    span = {
      first: span && span.first < day ? span.first : day,
      last: span && span.last > day ? span.last : day,
    };
    const key = record[KREIS] ?? '';
    if (nestedUnits().has(key)) return;
    const kreis = formerKreise().get(key)?.successor ?? key;
    if (/^\d/.test(record[OCCUPIED] ?? '') && !(lastDays.get(kreis)! > day))
      lastDays.set(kreis, day);
    if (day < from || day > to) return;

    if (!/^\d{5}$/.test(key)) {
      throw new PlayerError(`${at}: ${KREIS} is "${key}", expected five digits like 05315.`);
    }
    if (seen.has(day + key)) {
      throw new PlayerError(`${at}: Kreis ${key} stands twice on ${day}; keep one of the rows.`);
    }
    seen.add(day + key);

    const counted = countsOf(record, at);
    if (!counted) return;
    const rows = days.get(day) ?? new Map<string, KreisDay>();
    days.set(day, rows.set(kreis, together({ kreis, ...counted }, rows.get(kreis))));
  };

  let fault: unknown;
  try {
    const parser = parse({
      bom: true,
      columns: (header: string[]) => checkedColumns(header, file),
      delimiter: await delimiterOf(file),
      info: true,
      // Said, because the parser otherwise expects the line ends of the header in every row.
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      trim: true,
    });
    const text = await unpacked(file);
    await pipeline(...text, parser, async (lines: AsyncIterable<Line>) => {
      for await (const line of lines) {
        try {
          addLine(line);
        } catch (error) {
          // The pipeline says AbortError instead where it was still reading.
          fault = error;
          throw error;
        }
      }
    });
  } catch (error) {
    throw explained(fault ?? error, file);
  }
  const inOrder = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    days: new Map(inOrder.map(([day, rows]) => [day, [...rows.values()]])),
    span,
    ends: new Map([...lastDays].filter(([, day]) => day < span!.last)),
  };
}

/** Returns on which of the days read it shows first that the numbers of a Kreis have ended: the Kreise of each such day. */
export function endsByDay({ days, ends }: Register): Map<string, string[]> {
  const byDay = new Map<string, string[]>();
  for (const [kreis, last] of ends) {
    const day = [...days.keys()].find((one) => one > last);
    if (day !== undefined) byDay.set(day, [...(byDay.get(day) ?? []), kreis]);
  }
  return byDay;
}

/** Two former Kreise that are one today. */
function together(row: KreisDay, other: KreisDay | undefined): KreisDay {
  if (!other) return row;
  return {
    kreis: row.kreis,
    operable: row.operable + other.operable,
    occupied: row.occupied + other.occupied,
    free: row.free + other.free,
  };
}

/** Whether the text is a day of the calendar, written YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function checkedColumns(header: string[], file: string) {
  const missing = [DATE, KREIS, OCCUPIED].filter((name) => !header.includes(name));
  if (!header.includes(OPERABLE) && !header.includes(FREE)) missing.push(OPERABLE);
  if (missing.length > 0) {
    throw new PlayerError(
      `${file} has no column ${missing.join(', ')}: ${FORMAT}, separated by commas, semicolons or tabs.`,
    );
  }
  return header.map((name) =>
    [DATE, KREIS, OPERABLE, OCCUPIED, FREE].includes(name) ? name : false,
  );
}

function countsOf(record: Line['record'], at: string): Omit<KreisDay, 'kreis'> | undefined {
  const count = (column: string) => {
    const text = record[column];
    if (text === undefined || text === '' || text === 'NA') return undefined;
    if (!/^\d{1,6}$/.test(text)) {
      throw new PlayerError(
        `${at}: ${column} is "${text}", expected a whole number of beds, 0 or more, or NA.`,
      );
    }
    return Number(text);
  };
  const occupied = count(OCCUPIED);
  const stated = count(FREE);
  const operable =
    count(OPERABLE) ??
    (occupied === undefined || stated === undefined ? undefined : occupied + stated);
  if (operable === undefined || occupied === undefined) return undefined;
  return { operable, occupied, free: stated ?? Math.max(0, operable - occupied) };
}

/** Returns the stream that decodes the text of a file, plain or gzipped. By the first two bytes, not by the name: a renamed download stays readable. */
async function unpacked(file: string): Promise<[Readable, Transform]> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const isGzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    return [createReadStream(file), isGzip ? createGunzip() : new PassThrough()];
  } finally {
    await handle.close();
  }
}

/** Returns the separator of columns, the one that the first line has most of: spreadsheets in German write semicolons. */
async function delimiterOf(file: string): Promise<string> {
  const [source, unpack] = await unpacked(file);
  source.once('error', (error) => unpack.destroy(error));
  let header = '';
  // Not a pipeline: that treats a reader that has read enough as an error.
  for await (const chunk of source.pipe(unpack) as AsyncIterable<Buffer>) {
    header += chunk.toString('latin1');
    if (/[\r\n]/.test(header) || header.length > LONGEST_HEADER) break;
  }
  source.destroy();
  const [line = ''] = header.split(/[\r\n]/);
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best));
}

function explained(error: unknown, file: string): unknown {
  if (error instanceof CsvError)
    return new PlayerError(`${file} is no readable CSV file: ${error.message}`);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return new PlayerError(`There is no file ${file}. Check --file.`);
  if (code === 'EISDIR') return new PlayerError(`${file} is a folder; --file names one CSV file.`);
  if (code === 'EACCES') return new PlayerError(`${file} may not be read by this user.`);
  if (code?.startsWith('Z_'))
    return new PlayerError(`${file} is a damaged gzip file; fetch it again.`);
  return error;
}
