import type { Change } from '../../../shared/outbox/index.js';
import type { Phase } from '../generated/graphql.js';

/** A change of a facility's staff, or a mark, with the phase for which the subscriber watches. */
export interface StaffingChangeRow extends Change {
  phase: Phase;
}
