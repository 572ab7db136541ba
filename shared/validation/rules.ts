/** Checks that every subgraph makes in the same way before it decides, and refusals that it builds in the same way; pure, so that rules may use it. */
export { type Fault, tooManyFault } from './rules/faults.js';
export { idOrNone, isUuid } from './rules/ids.js';
export { numberFault, type NumberLimits } from './rules/numbers.js';
export { positionFault } from './rules/positions.js';
export {
  implausible,
  invalid,
  isRefused,
  noneWithCode,
  noneWithId,
  outOfRange,
  type Refusal,
  unknownFacility,
  type WithTypename,
} from './rules/refusals.js';
export { keyFault, reasonFault, textFault } from './rules/texts.js';
