/** Topics of events whose entity is an incident. `incidentChanged` delivers all of them. */
export type IncidentTopic =
  | 'patients.incident-declared'
  | 'patients.incident-estimated'
  | 'patients.incident-section-opened'
  | 'patients.incident-escalated'
  | 'patients.incident-closed'
  | 'patients.incident-allocated'
  | typeof CASUALTIES_CHANGED;

/** The number of casualties or their categories changed; only for subscribers who see the patients. */
export const CASUALTIES_CHANGED = 'patients.incident-casualties-changed';

/** Topics that only subscribers who see the patients receive: with them nothing changes that others can read. */
export const FOR_PATIENT_VIEWERS: ReadonlySet<string> = new Set<IncidentTopic>([
  CASUALTIES_CHANGED,
  'patients.incident-allocated',
]);

export function isOfIncident({ topic }: { topic: string }): boolean {
  return topic.startsWith('patients.incident-');
}
