/**
 * Topics of the changes of what a facility can sustain. Their events name it as their entity and are tagged with `category`. Of a
 * recorded change, such as an hour of failure, nothing shows in the beds yet.
 */
export type SustainabilityTopic =
  'capacity.sustainable-beds-changed' | 'capacity.sustainability-recorded';
