/** Topics of events whose entity is a patient. `patientChanged` delivers all of them. */
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
