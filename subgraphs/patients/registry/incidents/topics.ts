/** What changes an incident; its id is the entity. All of them reach `incidentChanged`. */
export type IncidentTopic =
  | 'patients.incident-declared'
  | 'patients.incident-estimated'
  | 'patients.incident-section-opened'
  | 'patients.incident-escalated'
  | 'patients.incident-closed'
  | 'patients.incident-allocated'
  | typeof CASUALTIES_CHANGED;

/** How many casualties there are, or of which categories, changed: for those alone who see the patients. */
export const CASUALTIES_CHANGED = 'patients.incident-casualties-changed';

/** Topics that only those hear who see the patients: nothing that others can read changes with them. */
export const FOR_PATIENT_VIEWERS: ReadonlySet<string> = new Set<IncidentTopic>([
  CASUALTIES_CHANGED,
  'patients.incident-allocated',
]);

export function isOfIncident({ topic }: { topic: string }): boolean {
  return topic.startsWith('patients.incident-');
}
