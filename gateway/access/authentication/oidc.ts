import { createRemoteJWKSet, jwksCache, jwtVerify, type JWKSCacheInput } from 'jose';
import { refuseOtherTokens } from './access-token-rules.js';

/** Only signatures that a client cannot make itself: no `none`, and no HMAC, whose key would be the public one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 30;
const RESPONSE_TIMEOUT_MS = 5_000;
/** Tokens with invented key ids must not cause a request to the provider for each of them. */
const KEY_REQUEST_INTERVAL_MS = 30_000;

interface KeySet {
  find: ReturnType<typeof createRemoteJWKSet>;
  /** Contains the keys of the last fetch, a new object with each fetch. */
  fetched: JWKSCacheInput;
}

export interface TokenVerifier {
  /** Returns the claims of a token. Throws when the token cannot be trusted. */
  verify(token: string): Promise<Record<string, unknown>>;
  /** The current keys: the same value as long as a new verification would have the same outcome; undefined when unknown. */
  keys(): unknown;
}

/**
 * Verifies tokens of an OpenID Connect issuer with the keys of its discovery document. The document is read with the first
 * token, so that the gateway starts while the issuer is unavailable. Keys are fetched again after 10 minutes, the longest time
 * for which a withdrawn key may be trusted, and when a token names an unknown key, but not more often than the interval.
 */
export function oidcVerifier(
  issuer: string,
  audience: string,
  keyRequestIntervalMs = KEY_REQUEST_INTERVAL_MS,
): TokenVerifier {
  let keys: Promise<KeySet> | undefined;
  let discovered: KeySet | undefined;

  const currentKeys = () => {
    keys ??= discoverKeys(issuer, keyRequestIntervalMs).catch((error: unknown) => {
      keys = undefined; // the next token tries again
      throw error;
    });
    return keys;
  };

  const verify = async (token: string) => {
    discovered = await currentKeys();
    const { payload, protectedHeader } = await jwtVerify(token, discovered.find, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    refuseOtherTokens(protectedHeader.typ, payload);
    return payload;
  };
  return { verify, keys: () => (discovered?.find.fresh ? discovered.fetched.jwks : undefined) };
}

async function discoverKeys(issuer: string, cooldownDuration: number): Promise<KeySet> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (document.issuer !== issuer || typeof document.jwks_uri !== 'string') {
    throw new Error(
      `${address} must name the issuer ${issuer} and a jwks_uri; it names ${String(document.issuer)} and ${String(document.jwks_uri)}`,
    );
  }
  const fetched: JWKSCacheInput = {};
  const find = createRemoteJWKSet(new URL(document.jwks_uri), {
    cooldownDuration,
    timeoutDuration: RESPONSE_TIMEOUT_MS,
    [jwksCache]: fetched,
  });
  return { find, fetched };
}
