/** Authentication of callers, and the fields that each may see. */
export {
  type Authenticate,
  type IdentitySettings,
  authentication,
  isIntrospectionOnly,
  requireIntrospectionOnly,
  tokenRequired,
} from './authentication/index.js';
export {
  type DeniedFields,
  type Restriction,
  type RightsIndex,
  UNAUTHORIZED,
  applyRestriction,
  denialError,
  restrict,
  securedSupergraph,
} from './rights/index.js';
