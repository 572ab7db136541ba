import { errors } from 'jose';
import { TokenTooOld } from './access-token-rules.js';
import type { IdentitySettings } from './authentication.js';

/** Describes for the caller why a token is refused; undefined when the token is not at fault. */
export function refusalReason(error: unknown, settings: IdentitySettings): string | undefined {
  if (error instanceof errors.JWTExpired) {
    return `The token expired at ${new Date(Number(error.payload.exp) * 1000).toISOString()}.`;
  }
  if (error instanceof TokenTooOld) return error.message;
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `The claim "${error.claim}" of the token does not fit: ${expectedOf(error.claim, settings)}.`;
  }
  if (isUnknownSignature(error)) {
    return settings.oidcIssuer === undefined
      ? 'The token is not signed by the development issuer of this hub: print it with the same VIERBLATT_DATA as the hub has.'
      : `The token is not signed by ${settings.oidcIssuer}.`;
  }
  if (isMalformed(error)) {
    return 'The token is no signed JSON Web Token.';
  }
  return undefined;
}

function expectedOf(claim: string, { oidcIssuer, oidcAudience }: IdentitySettings): string {
  if (claim === 'aud') return `expected is ${oidcAudience}`;
  if (claim === 'iss') return `expected is ${oidcIssuer ?? 'the development issuer of this hub'}`;
  if (claim === 'typ')
    return 'expected is an access token, of the type "at+jwt" or "JWT" and not one of a login';
  return 'it is missing, malformed, or says that the token is not valid yet';
}

function isUnknownSignature(error: unknown): boolean {
  return (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSEAlgNotAllowed
  );
}

function isMalformed(error: unknown): boolean {
  return (
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JOSENotSupported
  );
}
