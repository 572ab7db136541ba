import { noneWithId, type WithTypename } from '../../../../shared/validation/rules.js';
import type { UnknownPatient } from '../../generated/graphql.js';
import type { Patient } from '../../generated/prisma/client.js';

export { type RmiList, invalidPzc, normalisedPzc, pzcWithoutAge } from './rules/pzc.js';

/** A patient as they are stored. */
export type PatientRow = Omit<
  Patient,
  'registeredIn' | 'registeredBy' | 'retriagePublished' | 'seq'
>;

export function unknownPatient(patient: string): WithTypename<UnknownPatient> {
  return noneWithId('patient', patient, '`Patient.id`; it is not the tag');
}
