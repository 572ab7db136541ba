/** The rules of stocks, as the rules of other modules may use them. */
export { CURRENT_DEMAND_DAYS, currentConsumption } from './rules/demand.js';
export { dutiesInForce, type DutyRule, isBelowDuty } from './rules/duties.js';
export { type FacilityMovement, facilityMovementOf } from './rules/facility-movements.js';
export { holdersIn, idOf, judgeBooking, type NamedHolders } from './rules/judging.js';
export {
  applyTogether,
  type BatchState,
  bookingOf,
  type Change,
  type Holder,
  type Movement,
  type StockState,
} from './rules/movements.js';
export {
  levelAfterDelivery,
  type ModelledItem,
  modelledStocks,
  nextDelivery,
} from './rules/modelled.js';
export { judgeUsable, usableDays } from './rules/usable.js';
export type { InputRefusal, MovementRefusal } from './rules/refusals.js';
