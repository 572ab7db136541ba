import type { ClientBase } from 'pg';
import { idOrNone } from '../../../../shared/validation/rules.js';
import type { PatientVisibility } from '../../access/index.js';
import type { Patient } from '../../generated/prisma/client.js';
import type { PatientRow } from './rules.js';
import {
  CHANGE_CARE,
  CHANGE_TRIAGE,
  MARK_DUE,
  MARK_ERASED,
  MOVE_PATIENT,
  PATIENT_LOCKED,
  type REGISTERED,
  STORE_DEATH,
  STORE_PATIENTS,
  PATIENTS_WITH_TAGS,
} from './statements.js';
import { publishPatients } from './store-events.js';

/** The incident or facility in which casualties are registered: exactly one of them. */
export interface Scene {
  incident: string | null;
  facility: string | null;
  area: string;
}

/** The fields in which the casualties of one call differ. */
type RegisteredPatient = Pick<Patient, keyof typeof REGISTERED>;

/** A patient whom the caller may see, with the facilities that treat the patient. */
export type LockedPatient = PatientRow & { treating: string[] };

/** Locks a patient whom the caller may see until the transaction ends. Returns undefined for a hidden and for a missing one. */
export async function lockPatient(
  db: ClientBase,
  id: string,
  { areas, facilities }: PatientVisibility,
): Promise<LockedPatient | undefined> {
  const { rows } = await db.query<LockedPatient>({
    name: 'patient-locked',
    text: PATIENT_LOCKED,
    values: [idOrNone(id), areas, facilities],
  });
  return rows[0];
}

/** Stores the patients whose tag is free, in one statement, and returns their ids. */
export async function storePatients(
  db: ClientBase,
  { incident, facility, area }: Scene,
  patients: readonly RegisteredPatient[],
  { at, by }: { at: Date; by: string },
): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>({
    name: 'store-patients',
    text: STORE_PATIENTS,
    values: [incident, facility, area, at, by, JSON.stringify(patients)],
  });
  return new Set(rows.map(({ id }) => id));
}

/** Returns the ids of the patients with the tags in a scene, by tag. */
export async function wearersOf(
  db: ClientBase,
  { incident, facility }: Scene,
  tags: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ id: string; tag: string }>(PATIENTS_WITH_TAGS, [
    incident,
    facility,
    tags,
  ]);
  return new Map(rows.map(({ id, tag }) => [tag, id]));
}

/** Stores the decision of a triage. */
export async function changeTriage(
  db: ClientBase,
  id: string,
  next: Pick<
    PatientRow,
    | 'category'
    | 'byPhysician'
    | 'triagedAt'
    | 'retriageAt'
    | 'diedAt'
    | 'transportPriority'
    | 'transportable'
  >,
): Promise<void> {
  await db.query(CHANGE_TRIAGE, [
    id,
    next.category,
    next.byPhysician,
    next.triagedAt,
    next.retriageAt,
    next.diedAt,
    next.transportPriority,
    next.transportable,
  ]);
}

/** Stores the needs of a patient. */
export async function changeCare(
  db: ClientBase,
  id: string,
  care: Pick<PatientRow, 'needs' | 'ventilated' | 'physicianEscort' | 'pzc'>,
): Promise<void> {
  const { needs, ventilated, physicianEscort, pzc } = care;
  await db.query(CHANGE_CARE, [id, needs, ventilated, physicianEscort, pzc]);
}

/** Marks the patients whose next triage is due, each once, and returns their ids. */
export async function markDue(db: ClientBase, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(MARK_DUE, [now]);
  return rows.map(({ id }) => id);
}

/** Stores the facility of a patient, null on the way, and publishes the change. */
export async function movePatient(
  db: ClientBase,
  id: string,
  facility: string | null,
  at: Date,
): Promise<void> {
  await db.query({ ...MOVE_PATIENT, values: [id, facility] });
  await publishPatients(db, 'patients.patient-moved', [id], at);
}

/** Stores that a physician pronounced a patient dead. */
export async function markDead(db: ClientBase, id: string, at: Date): Promise<void> {
  await db.query({ ...STORE_DEATH, values: [id, at] });
}

/** Marks patients as erased, after which no free text about them is stored, and publishes it. */
export async function markErased(db: ClientBase, ids: readonly string[], at: Date): Promise<void> {
  await db.query(MARK_ERASED, [ids, at]);
  await publishPatients(db, 'patients.patient-erased', ids, at);
}
