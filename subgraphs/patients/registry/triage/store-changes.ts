import type { ClientBase } from 'pg';
import type { TriageCategory } from '../../generated/graphql.js';
import { markDead } from '../patients/index.js';
import { STORE_ASSESSMENTS, STORE_DEATH_ASSESSMENT } from './statements.js';

/** The category with which a patient is registered. */
interface FirstAssessment {
  id: string;
  category: TriageCategory;
  byPhysician: boolean;
}

/** Stores the first triage of each patient in one statement; untriaged patients have none. */
export async function storeFirstAssessments(
  db: ClientBase,
  patients: readonly FirstAssessment[],
  { at, by }: { at: Date; by: string },
): Promise<void> {
  const known = patients.filter(({ category }) => category !== 'UNTRIAGED');
  await db.query(STORE_ASSESSMENTS, [
    known.map(({ id }) => id),
    known.map(({ category }) => category),
    known.map(({ byPhysician }) => (byPhysician ? 'PHYSICIAN' : 'STATED')),
    known.map(({ byPhysician }) => byPhysician),
    at,
    by,
  ]);
}

/** Stores that a physician pronounced a patient dead, with the assessment. */
export async function storeDeath(
  db: ClientBase,
  patient: string,
  { at, by }: { at: Date; by: string },
): Promise<void> {
  await markDead(db, patient, at);
  await db.query(STORE_DEATH_ASSESSMENT, [patient, at, by]);
}
