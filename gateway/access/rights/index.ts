/** The rights of a caller to the fields of an operation, from the directives of the supergraph. */
export { UNAUTHORIZED, denialError } from './denials.js';
export { type Restriction, applyRestriction, restrict } from './restriction.js';
export type { DeniedFields, RightsIndex } from './rights-index.js';
export { securedSupergraph } from './secured-supergraph.js';
