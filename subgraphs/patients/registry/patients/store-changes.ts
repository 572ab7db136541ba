import type { ClientBase } from 'pg';
import { idOrNobody, type Visibility } from '../../access/index.js';
import type { PatientRow } from './rules.js';
import {
  CHANGE_CARE,
  CHANGE_TRIAGE,
  MARK_DUE,
  MARK_ERASED,
  MOVE_PATIENT,
  PATIENT_LOCKED,
  STORE_DEATH,
  STORE_PATIENTS,
  WEARERS,
} from './statements.js';
import { publishPatients } from './store-events.js';

/** Where casualties are registered: exactly one of incident and facility is known. */
export interface Scene {
  incident: string | null;
  facility: string | null;
  area: string;
}

/** A patient whom the caller sees, and the houses that have him. */
export type LockedPatient = PatientRow & { treating: string[] };

/** Locks a patient whom the caller may see, until the transaction ends. A hidden one is as good as a missing one. */
export async function lockPatient(
  db: ClientBase,
  id: string,
  { areas, facilities }: Visibility,
): Promise<LockedPatient | undefined> {
  const { rows } = await db.query<LockedPatient>({
    name: 'patient-locked',
    text: PATIENT_LOCKED,
    values: [idOrNobody(id), areas, facilities],
  });
  return rows[0];
}

/** Stores patients whose tag is free, in one statement, and returns the ids of those. */
export async function storePatients(
  db: ClientBase,
  { incident, facility, area }: Scene,
  patients: readonly object[],
  { at, by }: { at: Date; by: string },
): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>({
    name: 'store-patients',
    text: STORE_PATIENTS,
    values: [incident, facility, area, at, by, JSON.stringify(patients)],
  });
  return new Set(rows.map(({ id }) => id));
}

/** Returns who wears the tags in a scene, by tag. */
export async function wearersOf(
  db: ClientBase,
  { incident, facility }: Scene,
  tags: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ id: string; tag: string }>(WEARERS, [incident, facility, tags]);
  return new Map(rows.map(({ id, tag }) => [tag, id]));
}

/** Changes what a triage decides. */
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
    ...[id, next.category, next.byPhysician, next.triagedAt, next.retriageAt, next.diedAt],
    ...[next.transportPriority, next.transportable],
  ]);
}

/** Changes what a patient needs. */
export async function changeCare(
  db: ClientBase,
  id: string,
  care: Pick<PatientRow, 'needs' | 'ventilated' | 'physicianEscort' | 'pzc'>,
): Promise<void> {
  const { needs, ventilated, physicianEscort, pzc } = care;
  await db.query(CHANGE_CARE, [id, needs, ventilated, physicianEscort, pzc]);
}

/** Marks the patients who are due for another triage, each once, and returns their ids. */
export async function markDue(db: ClientBase, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(MARK_DUE, [now]);
  return rows.map(({ id }) => id);
}

/** Records where a patient is from now on, a facility or on the way (null), and publishes it. */
export async function movePatient(
  db: ClientBase,
  id: string,
  facility: string | null,
  at: Date,
): Promise<void> {
  await db.query({ ...MOVE_PATIENT, values: [id, facility] });
  await publishPatients(db, 'patients.patient-moved', [id], at);
}

/** Records that a patient is dead by a physician's word. */
export async function markDead(db: ClientBase, id: string, at: Date): Promise<void> {
  await db.query({ ...STORE_DEATH, values: [id, at] });
}

/** Keeps anything about patients from being stored from now on, and publishes it. */
export async function markErased(db: ClientBase, ids: readonly string[], at: Date): Promise<void> {
  await db.query(MARK_ERASED, [ids, at]);
  await publishPatients(db, 'patients.patient-erased', ids, at);
}
