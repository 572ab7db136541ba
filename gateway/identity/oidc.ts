import { createRemoteJWKSet, jwtVerify } from 'jose';

/** Only signatures that a client cannot make itself: no `none`, and no HMAC, whose key would be the public one. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const CLOCK_TOLERANCE_SECONDS = 30;
const DISCOVERY_TIMEOUT_MS = 5_000;

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/**
 * Verifies tokens of an OpenID Connect issuer with the keys its discovery document names. The document is read with the
 * first token, so that the gateway starts while the issuer is away; jose fetches keys anew when an unknown one is named.
 */
export function oidcVerifier(issuer: string, audience: string) {
  let keys: Promise<KeySet> | undefined;

  const currentKeys = () => {
    keys ??= discoverKeys(issuer).catch((error: unknown) => {
      keys = undefined; // the next token asks again
      throw error;
    });
    return keys;
  };

  return async (token: string): Promise<Record<string, unknown>> => {
    const { payload } = await jwtVerify(token, await currentKeys(), {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    return payload;
  };
}

async function discoverKeys(issuer: string): Promise<KeySet> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (document.issuer !== issuer || typeof document.jwks_uri !== 'string') {
    throw new Error(
      `${address} must name the issuer ${issuer} and a jwks_uri; it names ${String(document.issuer)} and ${String(document.jwks_uri)}`,
    );
  }
  return createRemoteJWKSet(new URL(document.jwks_uri));
}
