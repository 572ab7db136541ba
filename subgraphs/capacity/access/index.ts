/** Visibility of casualties and of the hours of failure of facilities. */
export {
  type CasualtyVisibility,
  casualtyVisibilityOf,
  isSeen,
  type ReservedSlot,
  seesIntake,
  seesReservedSlot,
  casualtyVisibilityValues,
} from './casualty-visibility.js';
export {
  seesSustainability,
  type SustainabilityVisibility,
  sustainabilityVisibilityOf,
} from './sustainability-visibility.js';
