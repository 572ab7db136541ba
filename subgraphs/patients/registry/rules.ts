/** Rules of the registry that the rules of other modules use. */
export { purposeFault } from './identities/rules.js';
export { type IncidentRow, refusalIfClosed, unknownIncident } from './incidents/rules.js';
export { type RmiList, unknownPatient } from './patients/rules.js';
