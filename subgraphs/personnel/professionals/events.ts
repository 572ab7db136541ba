/** The numbers of staff of a facility changed: the entity is the facility, and no event names a person. */
export const STAFFING_CHANGED = 'personnel.staffing-changed';
