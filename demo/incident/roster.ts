import { readFile } from 'node:fs/promises';
import { PlayerError } from '../client/player-error.js';
import { projectPath } from '../../shared/root.js';
import { findingsOf, type DescribedPatient } from './findings.js';
import type { MstartFindingsInput, Need, TriageCategory } from './generated/operations.js';

export const SHIPPED_ROSTER = projectPath('data/manv/patients_44.json');

/** A patient as the exercise describes them, as far as it is played. */
export interface RosterEntry extends DescribedPatient {
  age: number;
  pupils: string;
  real_status: keyof typeof CATEGORY;
  status_code: string;
  tags: string[];
}

export type RosterCategory = Extract<TriageCategory, 'SK_I' | 'SK_II' | 'SK_III' | 'SK_IV' | 'EX'>;

/** A patient as they are played. */
export interface RosterPatient {
  tag: string;
  findings: MstartFindingsInput;
  /** The category that the physician decides. */
  category: RosterCategory;
  transportPriority: boolean;
  needs: Need[];
  physicianEscort: boolean;
}

const CATEGORY = {
  red: 'SK_I',
  yellow: 'SK_II',
  green: 'SK_III',
  blue: 'SK_IV',
  black: 'EX',
} as const;

const TEXTS = ['breathing', 'awareness', 'pulse', 'pupils', 'injuries', 'bodyCheck', 'status_code'];
/** Up to this age a patient needs a facility that treats injured children (our policy). */
const LAST_YEAR_OF_CHILDHOOD = 15;

/** Reads the patients of an exercise. Throws PlayerError. */
export async function readRoster(file: string): Promise<RosterPatient[]> {
  const entries = entriesOf(await textOf(file), file);
  const wrong = entries.findIndex((entry) => !isEntry(entry));
  if (wrong >= 0) {
    throw new PlayerError(
      `${file} is no roster: entry ${wrong + 1} needs age, isWalkable, tags, ${TEXTS.join(', ')} and a real_status of ${Object.keys(CATEGORY).join(', ')}.`,
    );
  }
  return (entries as RosterEntry[]).map((entry, index) => {
    try {
      return patientOf(entry, index);
    } catch (error) {
      if (error instanceof PlayerError)
        error.message = `${file}, entry ${index + 1}: ${error.message}`;
      throw error;
    }
  });
}

function patientOf(entry: RosterEntry, index: number): RosterPatient {
  const category = CATEGORY[entry.real_status];
  return {
    tag: String(index + 1).padStart(3, '0'),
    findings: findingsOf(entry),
    category,
    transportPriority: entry.status_code[1] === 'C',
    needs: needsOf(entry),
    physicianEscort: category === 'SK_I',
  };
}

function needsOf({ age, tags, pupils }: RosterEntry): Need[] {
  return [
    ...(age <= LAST_YEAR_OF_CHILDHOOD ? (['CHILD'] as const) : []),
    ...(tags.includes('P') ? (['OBSTETRICS'] as const) : []),
    // One wide pupil after a blow on the head: a bleeding within the skull.
    ...(/weit|mydria|anisok|anisoc/.test(pupils.normalize('NFKC').toLowerCase())
      ? (['NEUROSURGERY'] as const)
      : []),
  ];
}

async function textOf(file: string): Promise<string> {
  try {
    // Some editors begin a file with a byte order mark.
    return (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new PlayerError(`${file} cannot be read (${code}). Name another with --patients.`);
  }
}

function entriesOf(text: string, file: string): unknown[] {
  try {
    const entries: unknown = JSON.parse(text);
    if (Array.isArray(entries) && entries.length > 0) return entries;
  } catch {
    // A text that is not JSON is reported below like JSON that is not a list.
  }
  throw new PlayerError(`${file} is no roster: a JSON list of at least one patient was expected.`);
}

function isEntry(entry: unknown): entry is RosterEntry {
  if (typeof entry !== 'object' || entry === null) return false;
  const fields = entry as Record<string, unknown>;
  return (
    TEXTS.every((name) => typeof fields[name] === 'string') &&
    typeof fields['age'] === 'number' &&
    typeof fields['isWalkable'] === 'boolean' &&
    Array.isArray(fields['tags']) &&
    Object.hasOwn(CATEGORY, String(fields['real_status']))
  );
}
