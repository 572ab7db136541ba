/** The shape of a result, as its operation selects it. */
export { type Conditions, conditionVariables } from './conditions.js';
export { ResultShape } from './result-shape.js';
export { shaped } from './shaping.js';
