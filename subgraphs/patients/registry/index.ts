/** Incidents and patients with their triages and identities: reads, and every change. */
export { erasePatients, REGISTRY_TEXT_COLUMNS } from './erasure.js';
export {
  identityKeys,
  identityResolvers,
  type Identity,
  IdentitySeal,
  type SealedIdentity,
  sealedIdentityOf,
  IdentityRecords,
  IdentityStore,
} from './identities/index.js';
export {
  incidentResolvers,
  IncidentChanges,
  addEntry,
  keepIncidentOpen,
  redactTimeline,
  IncidentStore,
  publishCasualties,
  type IncidentTopic,
  requireIncident,
} from './incidents/index.js';
export {
  patientResolvers,
  readRmiList,
  lockPatient,
  markErased,
  movePatient,
  publishPatients,
  PatientStore,
} from './patients/index.js';
export { registrationResolvers, Registrations } from './registrations/index.js';
export {
  type ActiveTransfers,
  type LockedTransfer,
  triageResolvers,
  storeDeath,
  publishDueForTriage,
  TriageStore,
} from './triage/index.js';
