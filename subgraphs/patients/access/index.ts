/** Authorization policy: the patients that a caller may see, and the ids and event tags that it is checked with. */
export {
  facilityTag,
  familyAreasOf,
  incidentTag,
  ledAreasOf,
  limitToLedAreas,
  permitCare,
  searchVisibilityOf,
  seesArea,
  seesEvent,
  seesEveryIntake,
  seesIntake,
  type PatientVisibility,
  patientVisibilityOf,
} from './patient-visibility.js';
