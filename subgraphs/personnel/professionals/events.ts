import { tagOf } from '../../../shared/outbox/index.js';

/** The numbers of staff of a facility changed: the entity is the facility, and no event names a person. */
export const STAFFING_CHANGED = 'personnel.staffing-changed';

/**
 * Tag of an event of a facility at which nobody was registered or erased: it says that its people are bound elsewhere, or no longer, which
 * the facility alone may notice.
 */
export const BOUND_ELSEWHERE = tagOf('cause', 'BOUND_ELSEWHERE');
