import type { ClientBase } from 'pg';
import {
  about,
  ACTOR,
  CODE,
  eraseWords,
  NAME,
  type TextColumns,
} from '../../../shared/personal-data/index.js';
import { ERASE_IDENTITIES } from './identities/index.js';
import { FORGET_TIMELINES } from './incidents/index.js';
import { ERASE_TRACES } from './patients/index.js';

/** The columns of the registry that can hold text. */
export const REGISTRY_TEXT_COLUMNS: TextColumns = {
  patient: {
    tag: about(ERASE_TRACES),
    pzc: about(ERASE_TRACES),
    area: CODE,
    registered_by: ACTOR,
  },
  patient_identity: {
    key_id: CODE,
    nonce: about(ERASE_IDENTITIES),
    sealed: about(ERASE_IDENTITIES),
  },
  triage_assessment: { findings: CODE, by: ACTOR },
  incident: {
    name: NAME,
    area: CODE,
    lead_area: CODE,
    declared_by: ACTOR,
  },
  incident_entry: { text: { holds: 'WORDS', forget: FORGET_TIMELINES }, by: ACTOR },
  incident_section: { name: NAME },
};

/** Erases the personal data of patients: tag, position, the age in the PZC, name and date of birth. */
export function erasePatients(db: ClientBase, patients: readonly string[]): Promise<void> {
  return eraseWords(db, REGISTRY_TEXT_COLUMNS, patients);
}
