import type { ClientIdentity } from './identity/authentication.js';

/** What Apollo Server carries along with a request. */
export interface RequestContext {
  /** Missing only in requests that ask for nothing but the schema. */
  identity?: ClientIdentity;
}
