import { createRemoteJWKSet, jwksCache, jwtVerify, type JWKSCacheInput } from 'jose';
import { refuseOtherTokens } from './access-token-rules.js';

/** Only signatures that a client cannot make itself: no `none`, and no HMAC, whose key would be the public one. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const CLOCK_TOLERANCE_SECONDS = 30;
const ANSWER_WITHIN_MS = 5_000;
/** Tokens with made-up key ids must not make us ask the provider for each of them. */
const ASK_FOR_KEYS_EVERY_MS = 30_000;

interface KeySet {
  find: ReturnType<typeof createRemoteJWKSet>;
  /** Holds the keys last fetched, another object with each fetch. */
  fetched: JWKSCacheInput;
}

export interface TokenVerifier {
  /** The claims of a token. Throws when it is not to be trusted. */
  verify(token: string): Promise<Record<string, unknown>>;
  /** What it is verified with: equal as long as verifying again would say the same; undefined when that is not known. */
  keys(): unknown;
}

/**
 * Verifies tokens of an OpenID Connect issuer with the keys its discovery document names. The document is read with the
 * first token, so that the gateway starts while the issuer is away. Keys are fetched anew after 10 minutes, which is how
 * long a key that was withdrawn may still be trusted, and when an unknown one is named, but not more often than stated.
 */
export function oidcVerifier(
  issuer: string,
  audience: string,
  askForKeysEveryMs = ASK_FOR_KEYS_EVERY_MS,
): TokenVerifier {
  let keys: Promise<KeySet> | undefined;
  let discovered: KeySet | undefined;

  const currentKeys = () => {
    keys ??= discoverKeys(issuer, askForKeysEveryMs).catch((error: unknown) => {
      keys = undefined; // the next token asks again
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
  const response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
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
    timeoutDuration: ANSWER_WITHIN_MS,
    [jwksCache]: fetched,
  });
  return { find, fetched };
}
