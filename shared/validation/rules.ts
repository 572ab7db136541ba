/** Checks that every subgraph makes in the same way before it decides; pure, so that rules may use it. */
export { idOrNone, isUuid } from './rules/ids.js';
export { positionFault } from './rules/positions.js';
export { unknownFacility, type WithTypename } from './rules/refusals.js';
export { keyFault, reasonFault, textFault } from './rules/texts.js';
