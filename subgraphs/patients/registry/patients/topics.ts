/** What changes a patient; his id is the entity. All of them reach `patientChanged`. */
export type PatientTopic =
  | 'patients.patient-registered'
  | 'patients.patient-triaged'
  | 'patients.patient-due-for-triage'
  | 'patients.patient-moved'
  | 'patients.patient-died'
  | 'patients.patient-erased';

export function isOfPatient({ topic }: { topic: string }): boolean {
  return topic.startsWith('patients.patient-');
}
