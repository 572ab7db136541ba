import type { ReadByArea } from '../../../shared/identity/rules.js';

/**
 * Things that can be read of everybody in an area: patients whom the role steers, what is left of every intake, names of patients and
 * searches by tag, and transfers that wait for an approval.
 */
type PatientsReadByArea = 'PATIENTS' | 'IDENTITIES' | 'CLINICAL_APPROVALS' | 'STRATEGIC_APPROVALS';

/** The things that each role reads in the areas of its token. The areas of all other roles show no patient. */
export const READ_BY_AREA: ReadByArea<PatientsReadByArea> = new Map([
  ['dispatch', ['PATIENTS', 'CLINICAL_APPROVALS']],
  ['crisis-staff', ['PATIENTS', 'CLINICAL_APPROVALS', 'STRATEGIC_APPROVALS']],
  ['spoc', ['STRATEGIC_APPROVALS']],
  ['family-information', ['IDENTITIES']],
]);
