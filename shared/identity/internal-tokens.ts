import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { MINUTE_MS } from '../time/rules.js';
import { claimSetKey, type ClaimSet } from './claims.js';
import { publicKeys, signingKey } from './keys.js';

/** How long a token between services is valid. Short: a leaked one is worth little; renewed from a cache well before. */
const LIFETIME_SECONDS = 300;
const RENEW_BEFORE_SECONDS = 120;
/**
 * How far the clocks of two services of the hub may differ. A service whose clock is wrong shows wrong times; that it refuses
 * the others on top would make an outage of it.
 */
const CLOCK_TOLERANCE_SECONDS = 15 * 60;
/** How soon a service that runs signs with a key that was rotated. */
const READ_KEY_AGAIN_AFTER_MS = MINUTE_MS;
/** Claim sets times audiences; a token is about 1 KB. */
const MOST_CACHED = 10_000;

export interface InternalIdentity {
  claims: ClaimSet;
  /** Pseudonymous id of the acting human; only on tokens for mutations and for audited fields. */
  subject?: string;
  /** Name of the subgraph that asks in its own right; left out for a client behind the gateway. */
  subgraph?: string;
  /** Whether the token was minted for a mutation; one for reading changes nothing. */
  mayChange?: true;
}

interface CachedToken {
  token: Promise<string>;
  /** A clock that was set back leaves tokens behind that end too late or too early. */
  mintedAt: number;
  renewAt: number;
}

export type MintToken = (identity: InternalIdentity, audience: string) => Promise<string>;

/**
 * Mints tokens in the name of one service. Tokens without a subject are cached per claim set, audience and use, so a
 * thousand callers of equal rights cost one signature every few minutes.
 */
export async function tokenMint(
  dataFolder: string,
  service: string,
  now: () => number = Date.now,
): Promise<MintToken> {
  let key = await signingKey(dataFolder, service);
  let keyReadAt = now();
  const cache = new LRUCache<string, CachedToken>({
    max: MOST_CACHED,
  });

  const currentKey = async () => {
    if (now() - keyReadAt > READ_KEY_AGAIN_AFTER_MS) {
      keyReadAt = now();
      // A folder that cannot be read at the moment is no reason to stop: the key at hand is still trusted.
      key = await signingKey(dataFolder, service).catch(() => key);
    }
    return key;
  };

  const sign = async ({ claims, subject, mayChange }: InternalIdentity, audience: string) => {
    const { kid, key: signWith } = await currentKey();
    const issuedAt = Math.floor(now() / 1000);
    const token = new SignJWT({ claims, ...(mayChange && { mayChange }) })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer(service)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_SECONDS);
    if (subject !== undefined) token.setSubject(subject);
    return token.sign(signWith);
  };

  return (identity, audience) => {
    if (identity.subject !== undefined) return sign(identity, audience);
    const use = identity.mayChange ? 'change' : 'read';
    const id = `${audience} ${use} ${claimSetKey(identity.claims)}`;
    const hit = cache.get(id);
    if (hit && hit.mintedAt <= now() && now() < hit.renewAt) return hit.token;
    const token = sign(identity, audience);
    cache.set(id, {
      token,
      mintedAt: now(),
      renewAt: now() + (LIFETIME_SECONDS - RENEW_BEFORE_SECONDS) * 1000,
    });
    token.catch(() => cache.delete(id));
    return token;
  };
}

export type VerifyToken = (token: string) => Promise<InternalIdentity>;

/** Accepts only tokens that a service of this hub signed for this audience. Throws jose's errors otherwise. */
export function tokenVerifier(
  dataFolder: string,
  audience: string,
  services: readonly string[],
  now: () => number = Date.now,
): VerifyToken {
  const trusted = new Set(services);
  const keys = publicKeys(dataFolder, trusted, now);
  return async (token) => {
    const { payload } = await jwtVerify<{ claims: ClaimSet; mayChange?: true }>(token, keys, {
      algorithms: ['EdDSA'],
      audience,
      issuer: [...trusted],
      requiredClaims: ['exp', 'claims'],
      currentDate: new Date(now()),
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    return {
      // A replica of the release before knows no organisations: its callers act for none.
      claims: { ...payload.claims, organisations: payload.claims.organisations ?? [] },
      ...(payload.sub === undefined ? {} : { subject: payload.sub }),
      ...(payload.mayChange === true ? { mayChange: true as const } : {}),
      ...(payload.iss === 'gateway' ? {} : { subgraph: payload.iss! }),
    };
  };
}
