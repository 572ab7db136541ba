/** Rules of steering that other modules decide by. */
export {
  catalogueOf,
  type ChosenParameters,
  chosenFrom,
  isChoiceFault,
  USUAL,
} from './rules/catalogue.js';
export { byUrgency, weightOf } from './rules/classes.js';
export { MOST_CASUALTIES, MOST_KM, MOST_WAVES } from './rules/faults.js';
export {
  type Casualty,
  type CandidateFacility,
  type Position,
  type Scene,
  STEERED,
  type SteeredCategory,
  type SteeringInput,
} from './rules/input.js';
export { nearestHospital } from './rules/limits.js';
export type { Parameters } from './rules/parameters.js';
export type { Plan, Rejection } from './rules/plan.js';
export { rideOf } from './rules/rides.js';
export { kilometresBetween, travelMinutes } from './rules/travel.js';
