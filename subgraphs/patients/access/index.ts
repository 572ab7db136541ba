/** Who may see what: which patients a caller may know of, and the ids and tags by which that is asked. */
export {
  facilityTag,
  idOrNobody,
  incidentTag,
  inOffice,
  isId,
  permitCare,
  searchSightOf,
  seesArea,
  seesEvent,
  seesEveryIntake,
  seesIntake,
  type Sight,
  sightOf,
} from './visibility.js';
