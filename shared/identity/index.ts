/** Callers: claims of tokens, rights, and the tokens of the services of the hub. */
export {
  actorOf,
  type Caller,
  forbidden,
  may,
  permit,
  professionalOf,
  rolesWith,
} from './caller.js';
export {
  type ClaimSet,
  claimSetFrom,
  claimSetKey,
  type Grant,
  ROLES,
  subgraphClaims,
} from './claims.js';
export { holdsRole, limitAreas, reachOf } from './grants.js';
export {
  type DevelopmentToken,
  developmentVerifier,
  issueDevelopmentToken,
} from './development-issuer.js';
export {
  type InternalIdentity,
  type MintToken,
  tokenMint,
  tokenVerifier,
  type VerifyToken,
} from './internal-tokens.js';
export { signingKey } from './keys.js';
export { secretIn } from './secrets.js';
