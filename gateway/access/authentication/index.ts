/** Whether a token is accepted. */
export { type Authenticate, type IdentitySettings, authentication } from './authentication.js';
export {
  isIntrospectionOnly,
  requireIntrospectionOnly,
  tokenRequired,
} from './introspection-operations.js';
