import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { PlayerError } from '../playing/player-error.js';

/** The intensive care of one Kreis on one day, children included, as the register counts it. */
export interface KreisDay {
  kreis: string;
  operable: number;
  occupied: number;
  free: number;
}

export interface Register {
  /** Rows per day (`YYYY-MM-DD`), days in order. A Kreis without a row, or with `NA`, reports nothing that day. */
  days: Map<string, KreisDay[]>;
  /** First and last day the whole file holds, asked for or not; undefined when it has no rows. */
  span: { first: string; last: string } | undefined;
}

const DAY = 'datum';
const KREIS = 'landkreis_id';
const OPERABLE = 'intensivbetten_gesamt';
const OCCUPIED = 'intensivbetten_belegt';
const FREE = 'intensivbetten_frei';
const FORMAT = `a Kreis file of the register has ${DAY}, ${KREIS}, ${OCCUPIED} and ${OPERABLE} (or ${FREE})`;

/** Hamburg's districts lie inside 02000 and do not sum to it; 02000 alone is reported. */
const HAMBURG_DISTRICT = /^02[1-7]00$/;

interface Line {
  record: Partial<Record<string, string>>;
  info: { lines: number };
}

/**
 * Reads a Kreis file of the register, plain or gzipped, any line ends, further columns in any order. The register's
 * own files leave out the operable beds: there they are occupied + free, by its own definition of free.
 * Throws PlayerError.
 */
export async function readRegister(file: string, from: string, to: string): Promise<Register> {
  const days = new Map<string, KreisDay[]>();
  const seen = new Set<string>();
  let span: Register['span'];

  const take = ({ record, info }: Line) => {
    const at = `${file}, line ${info.lines}`;
    const day = record[DAY] ?? '';
    if (!isDay(day))
      throw new PlayerError(`${at}: ${DAY} is "${day}", expected a day like 2020-10-01.`);
    span = {
      first: span && span.first < day ? span.first : day,
      last: span && span.last > day ? span.last : day,
    };
    if (day < from || day > to) return;

    const kreis = record[KREIS] ?? '';
    if (!/^\d{5}$/.test(kreis)) {
      throw new PlayerError(`${at}: ${KREIS} is "${kreis}", expected five digits like 05315.`);
    }
    if (HAMBURG_DISTRICT.test(kreis)) return;
    if (seen.has(day + kreis)) {
      throw new PlayerError(`${at}: Kreis ${kreis} stands twice on ${day}; keep one of the rows.`);
    }
    seen.add(day + kreis);

    const counted = countsOf(record, at);
    if (!counted) return;
    const rows = days.get(day) ?? [];
    if (rows.length === 0) days.set(day, rows);
    rows.push({ kreis, ...counted });
  };

  const parser = parse({
    bom: true,
    columns: (header: string[]) => checkedColumns(header, file),
    info: true,
    skip_empty_lines: true,
    trim: true,
  });
  try {
    const unpack = (await isGzip(file)) ? createGunzip() : new PassThrough();
    await pipeline(createReadStream(file), unpack, parser, async (lines: AsyncIterable<Line>) => {
      for await (const line of lines) take(line);
    });
  } catch (error) {
    throw explained(error, file);
  }
  return { days: new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1))), span };
}

/** Whether the text is a day of the calendar, written YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function checkedColumns(header: string[], file: string) {
  const missing = [DAY, KREIS, OCCUPIED].filter((name) => !header.includes(name));
  if (!header.includes(OPERABLE) && !header.includes(FREE)) missing.push(OPERABLE);
  if (missing.length > 0) {
    throw new PlayerError(
      `${file} has no column ${missing.join(', ')}: ${FORMAT}, separated by commas.`,
    );
  }
  return header.map((name) =>
    [DAY, KREIS, OPERABLE, OCCUPIED, FREE].includes(name) ? name : false,
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

/** By the first two bytes, not by the name: a renamed download stays readable. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
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
