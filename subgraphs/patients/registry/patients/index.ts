/** Patients: reads, and the functions by which they change. */
export { ifVisible } from './if-visible.js';
export { patientResolvers } from './resolvers.js';
export { readRmiList } from './rmi-list.js';
export { ERASE_TRACES } from './statements.js';
export {
  type LockedPatient,
  type Scene,
  changeCare,
  changeTriage,
  lockPatient,
  markDead,
  markDue,
  markErased,
  movePatient,
  storePatients,
  wearersOf,
} from './store-changes.js';
export { eventOf, publishPatients } from './store-events.js';
export { type PatientRef, PatientStore } from './store.js';
