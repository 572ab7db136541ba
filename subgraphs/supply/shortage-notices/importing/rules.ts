import { pznFault } from '../../items/rules.js';

/** The list, or the file that should be one, cannot be used: one sentence that says why. */
export interface ListFault {
  fault: string;
}

/** A row of the list by the names of its columns. */
export type ListRow = Readonly<Record<string, string>>;

export interface ListedPack {
  pzn: string | null;
  enr: string | null;
  name: string;
  doseForm: string | null;
}

/** A case of the list with all its rows; days are YYYY-MM-DD. */
export interface ListedNotice {
  caseNumber: string;
  firstCaseNumber: string | null;
  reportKind: string | null;
  startsOn: string | null;
  endsOn: string | null;
  reportedOn: string | null;
  firstReportedOn: string | null;
  name: string;
  atcCode: string | null;
  substances: string | null;
  hospitalRelevant: boolean;
  holder: string | null;
  reasonKind: string | null;
  reason: string | null;
  comment: string | null;
  alternative: string | null;
  professionalInformation: string | null;
  classification: string | null;
  packs: ListedPack[];
}

/** Columns of BfArM's list in their order, with its misspelling; `Telefon` and `E-Mail` may name persons and are not stored. */
export const LIST_COLUMNS = [
  'PZN',
  'ENR',
  'Bearbeitungsnummer',
  'Referenzierte Erstmeldung',
  'Meldungsart',
  'Beginn',
  'Ende',
  'Datum der letzten Meldung',
  'Art des Grundes',
  'Arzneimittlbezeichnung',
  'Atc Code',
  'Wirkstoffe',
  'Krankenhausrelevant',
  'Zulassungsinhaber',
  'Telefon',
  'E-Mail',
  'Grund',
  'Anm. zum Grund',
  'Alternativpräparat',
  'Datum der Erstmeldung',
  'Info an Fachkreise',
  'Darreichungsform',
  'klassifikation',
];

/** Written where a pack has no Pharmazentralnummer. The second passes the check of its digit. */
const PLACEHOLDERS = ['99999999', '00000000'];
const DAYS = ['Beginn', 'Ende', 'Datum der letzten Meldung', 'Datum der Erstmeldung'] as const;

/** Returns what is wrong with the heading of a file, as a sentence; undefined for that of the list. */
export function headingFault(heading: readonly string[]): string | undefined {
  const missing = LIST_COLUMNS.filter((column) => !heading.includes(column));
  if (missing.length === 0) return undefined;
  return `The file is no list of shortages of BfArM: expected the columns PZN to klassifikation, and ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ` and ${missing.length - 3} others are` : missing.length > 1 ? ' are' : ' is'} missing.`;
}

/** Makes one notice of the rows of each case, in the order of the list. Refuses the list for a row that cannot be read. */
export function noticesOf(rows: readonly ListRow[]): ListedNotice[] | ListFault {
  if (rows.length === 0) {
    return { fault: 'The list has no notice, so that all stored ones would be removed.' };
  }
  const notices = new Map<string, ListedNotice>();
  for (const [index, row] of rows.entries()) {
    const fault = rowFault(row);
    if (fault !== undefined)
      return { fault: `Notice ${index + 1} of the list cannot be read: ${fault}` };
    const caseNumber = row['Bearbeitungsnummer']!.trim();
    const notice = notices.get(caseNumber);
    if (notice) addRow(notice, row);
    else notices.set(caseNumber, noticeOf(caseNumber, row));
  }
  return [...notices.values()];
}

/**
 * Returns the Pharmazentralnummer of a row: null for the two placeholders and for what is none. A spreadsheet drops the zeros in
 * front, which are put back.
 */
export function pznOfRow(text: string): string | null {
  const pzn = text.trim().padStart(8, '0');
  return PLACEHOLDERS.includes(pzn) || pznFault(pzn) !== undefined ? null : pzn;
}

/** Returns DD.MM.YYYY as YYYY-MM-DD; undefined for what is no day of the calendar. */
export function dayOf(text: string): string | undefined {
  const [, day, month, year] = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(text.trim()) ?? [];
  if (day === undefined || year === '0000') return undefined;
  const iso = `${year}-${month}-${day}`;
  const instant = Date.parse(`${iso}T00:00:00Z`);
  const isDay = !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(iso);
  return isDay ? iso : undefined;
}

function rowFault(row: ListRow): string | undefined {
  if (row['Bearbeitungsnummer']!.trim() === '') return 'it has no Bearbeitungsnummer.';
  if (row['Arzneimittlbezeichnung']!.trim() === '') return 'it has no Arzneimittlbezeichnung.';
  const column = DAYS.find((name) => row[name]!.trim() !== '' && dayOf(row[name]!) === undefined);
  if (column === undefined) return undefined;
  return `${column} is no day DD.MM.YYYY; received "${row[column]!.slice(0, 20)}".`;
}

function noticeOf(caseNumber: string, row: ListRow): ListedNotice {
  return {
    caseNumber,
    firstCaseNumber: textOf(row['Referenzierte Erstmeldung']),
    reportKind: textOf(row['Meldungsart']),
    startsOn: dayOf(row['Beginn']!) ?? null,
    endsOn: dayOf(row['Ende']!) ?? null,
    reportedOn: dayOf(row['Datum der letzten Meldung']!) ?? null,
    firstReportedOn: dayOf(row['Datum der Erstmeldung']!) ?? null,
    name: row['Arzneimittlbezeichnung']!.trim(),
    atcCode: textOf(row['Atc Code']),
    substances: textOf(row['Wirkstoffe']),
    hospitalRelevant: isYes(row),
    holder: textOf(row['Zulassungsinhaber']),
    reasonKind: textOf(row['Art des Grundes']),
    reason: textOf(row['Grund']),
    comment: textOf(row['Anm. zum Grund']),
    alternative: textOf(row['Alternativpräparat']),
    professionalInformation: textOf(row['Info an Fachkreise']),
    classification: textOf(row['klassifikation']),
    packs: [packOf(row)],
  };
}

/** Adds a further row of a case: the shortage lasts from the first to the last day of all its packs. */
function addRow(notice: ListedNotice, row: ListRow): void {
  const pack = packOf(row);
  const isKnown = notice.packs.some((one) => JSON.stringify(one) === JSON.stringify(pack));
  if (!isKnown) notice.packs.push(pack);
  notice.startsOn = outermost(notice.startsOn, dayOf(row['Beginn']!), (a, b) => a < b);
  notice.endsOn = outermost(notice.endsOn, dayOf(row['Ende']!), (a, b) => a > b);
  notice.reportedOn = later(notice.reportedOn, dayOf(row['Datum der letzten Meldung']!));
  notice.hospitalRelevant ||= isYes(row);
}

/** A pack without a day is short without an end, or since ever: then so is the case. */
function outermost(
  known: string | null,
  other: string | undefined,
  isFurther: (a: string, b: string) => boolean,
): string | null {
  if (known === null || other === undefined) return null;
  return isFurther(other, known) ? other : known;
}

function later(known: string | null, other: string | undefined): string | null {
  return other !== undefined && (known === null || other > known) ? other : known;
}

function packOf(row: ListRow): ListedPack {
  return {
    pzn: pznOfRow(row['PZN']!),
    enr: textOf(row['ENR']),
    name: row['Arzneimittlbezeichnung']!.trim(),
    doseForm: textOf(row['Darreichungsform']),
  };
}

function isYes(row: ListRow): boolean {
  return row['Krankenhausrelevant']!.trim().toLowerCase() === 'ja';
}

function textOf(text: string | undefined): string | null {
  return text?.trim() ? text.trim() : null;
}
