/** Rules of the registry that the rules of other modules use. */
export { purposeFault } from './identities/rules.js';
export { type IncidentRow, refusalIfClosed, unknownIncident } from './incidents/rules.js';
export { unknownPatient } from './patients/rules.js';
export type { RmiList } from './patients/rules/pzc.js';
