import { errors, type JWTPayload } from 'jose';
import { DAY_SECONDS } from '../../../shared/time/rules.js';

/** The `typ` of an access token (RFC 9068, RFC 7519). Providers also sign ID, logout, DPoP and event tokens. */
const TYPES: ReadonlySet<string> = new Set(['at+jwt', 'jwt']);
/**
 * Claims that bind an ID token to a login (OpenID Connect Core, sections 2 and 3.3.2.11). Some providers call both kinds
 * `JWT`; Keycloak before version 25 copies `nonce` into access tokens, which it marks as access tokens, see KINDS.
 */
const CLAIMS_OF_ID_TOKENS = ['nonce', 'at_hash', 'c_hash', 's_hash'];
/** Where providers name the kind of a token in the payload: Keycloak in `typ`, Amazon Cognito in `token_use`. */
const KINDS: Readonly<Record<string, ReadonlySet<string>>> = {
  typ: new Set(['bearer', 'at+jwt', 'jwt']),
  token_use: new Set(['access']),
};
/** Machines get tokens that are valid for a month: no person is there to log in again. */
const LONGEST_OF_SERVICES_SECONDS = 31 * DAY_SECONDS;

const CLOCK_TOLERANCE_SECONDS = 30;

/** A token that was issued too long ago, whatever its `exp`. */
export class TokenTooOld extends Error {}

/**
 * Throws JWTClaimValidationFailed for a token that is no access token: an ID token describes a login at a client and grants
 * nothing.
 */
export function refuseOtherTokens(typ: string | undefined, payload: JWTPayload): void {
  const type = typ?.toLowerCase().replace(/^application\//, '');
  if (type === undefined || !TYPES.has(type)) throw noAccessToken(payload);
  if (type === 'at+jwt') return;
  const kinds = Object.entries(KINDS).filter(([claim]) => payload[claim] !== undefined);
  const isAccess = kinds.every(([claim, names]) => {
    const kind = payload[claim];
    return typeof kind === 'string' && names.has(kind.toLowerCase());
  });
  const isIdToken = CLAIMS_OF_ID_TOKENS.some((claim) => payload[claim] !== undefined);
  if (!isAccess || (kinds.length === 0 && isIdToken)) throw noAccessToken(payload);
}

/**
 * Returns the second since 1970 until which a token is accepted: its `exp`, and at most `maxAgeSeconds` after it was issued, or
 * 31 days where its only role is `service`. Throws TokenTooOld when that is before `now`, and JWTClaimValidationFailed for a
 * token that was issued later than `now`.
 */
export function lastSecondOf(
  { iat, exp }: { iat: number; exp: number },
  roles: readonly string[],
  { maxAgeSeconds, now }: { maxAgeSeconds: number; now: number },
): number {
  // Also when `iat` is not a number: then the comparison is false.
  if (!(iat <= now + CLOCK_TOLERANCE_SECONDS)) throw issuedLater({ iat, exp });
  const isService = roles.length > 0 && roles.every((role) => role === 'service');
  const longest = isService ? LONGEST_OF_SERVICES_SECONDS : maxAgeSeconds;
  if (iat + longest > now) return Math.min(exp, iat + longest);
  throw new TokenTooOld(
    `The token was issued at ${instantOf(iat)}, and the hub accepts one for ${longest} seconds from then on (TOKEN_MAX_AGE).`,
  );
}

function issuedLater(payload: JWTPayload) {
  const message = 'unexpected "iat" claim value';
  return new errors.JWTClaimValidationFailed(message, payload, 'iat', 'check_failed');
}

function noAccessToken(payload: JWTPayload) {
  const message = 'unexpected "typ" JWT header value';
  return new errors.JWTClaimValidationFailed(message, payload, 'typ', 'check_failed');
}

/** An instant that a Date cannot represent is printed as its number. */
function instantOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}
