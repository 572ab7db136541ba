import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import {
  type ClaimSet,
  claimSetFrom,
  developmentVerifier,
} from '../../../shared/identity/index.js';
import { DAY_SECONDS } from '../../../shared/time/rules.js';
import type { ClientIdentity } from '../../core/index.js';
import { outage } from '../../faults/index.js';
import { lastSecondOf } from './access-token-rules.js';
import { oidcVerifier, type TokenVerifier } from './oidc.js';
import { refusalReason } from './refusal-reasons.js';

export interface IdentitySettings {
  dataFolder: string;
  oidcIssuer: string | undefined;
  oidcAudience: string;
  /** How long after it was issued a token of a person is accepted at most; without it a day. */
  tokenMaxAgeSeconds?: number;
  /** The shortest interval between two requests for unknown keys; see oidcVerifier. */
  oidcKeysEveryMs?: number;
}

/** The latest instant that a Date can represent; a token may name a later one. */
const END_OF_TIME_MS = 8.64e15;

/** As long as the longest shift with its handover. */
const DEFAULT_MAX_AGE_SECONDS = DAY_SECONDS;

/** A verified token is not verified again for this time with the same keys: screens send many requests with one token. */
const TRUSTED_MS = 30_000;
const MAX_REMEMBERED = 10_000;

interface VerifiedToken {
  identity: ClientIdentity;
  /** The keys with which it was verified: other keys may not know it. */
  by: unknown;
  /** By the process clock in milliseconds. */
  trustedUntil: number;
}

/** Turns an `authorization` header, over any transport, into an identity. Throws UNAUTHENTICATED. */
export type Authenticate = (authorization: unknown) => Promise<ClientIdentity>;

export function authentication(settings: IdentitySettings, log: Logger): Authenticate {
  const { dataFolder, oidcIssuer, oidcAudience } = settings;
  const maxAgeSeconds = settings.tokenMaxAgeSeconds ?? DEFAULT_MAX_AGE_SECONDS;
  const { verify, keys }: TokenVerifier =
    oidcIssuer === undefined
      ? { verify: developmentVerifier(dataFolder, oidcAudience), keys: () => dataFolder }
      : oidcVerifier(oidcIssuer, oidcAudience, settings.oidcKeysEveryMs);
  /** By the header in its usual form, so that most headers need no parsing. */
  const known = new LRUCache<string, VerifiedToken>({ max: MAX_REMEMBERED });
  const trustedIdentity = (header: unknown): ClientIdentity | undefined => {
    if (typeof header !== 'string') return undefined;
    const verified = known.get(header);
    return verified && verified.by === keys() && performance.now() < verified.trustedUntil
      ? verified.identity
      : undefined;
  };

  return async (authorization) => {
    const trusted = trustedIdentity(authorization);
    if (trusted) return trusted;
    const token = bearerToken(authorization);
    if (token === undefined) {
      const what = authorization === undefined ? 'there is none' : 'it reads differently';
      throw unauthenticated(
        settings,
        `This needs a token: the authorization header must read "Bearer <token>", but ${what}.`,
      );
    }
    const header = `Bearer ${token}`;
    const identified = header === authorization ? undefined : trustedIdentity(header);
    if (identified) return identified;
    try {
      const claims = await verify(token);
      const claimSet = frozen(claimSetFrom(claims));
      const last = lastSecondOf(
        { iat: Number(claims['iat']), exp: Number(claims['exp']) },
        claimSet.roles,
        { maxAgeSeconds, now: Date.now() / 1000 },
      );
      const identity = {
        claims: claimSet,
        subject: String(claims['sub']),
        expiresAt: new Date(Math.min(last * 1000, END_OF_TIME_MS)),
      };
      // Never beyond its expiry: then the verifier decides again.
      const ttl = Math.min(TRUSTED_MS, identity.expiresAt.getTime() - Date.now());
      const by = keys();
      if (ttl > 0 && by !== undefined) {
        known.set(header, { identity, by, trustedUntil: performance.now() + ttl });
      }
      return identity;
    } catch (error) {
      const reason = refusalReason(error, settings);
      if (reason !== undefined) throw unauthenticated(settings, reason);
      const unavailable = outage(log, 'the identity provider', error);
      unavailable.extensions['http'] = { status: 503 };
      throw unavailable;
    }
  };
}

/** Caches are keyed by the object of a claim set, so it must never change. */
function frozen(claims: ClaimSet): ClaimSet {
  for (const value of Object.values(claims)) Object.freeze(value);
  return Object.freeze(claims);
}

/** The error UNAUTHENTICATED, HTTP status 401, with advice for the caller. */
export function unauthenticated(settings: IdentitySettings, reason: string): GraphQLError {
  const remedy =
    settings.oidcIssuer === undefined
      ? 'Get one with: npm run -s token -- --role crisis-staff --area 05'
      : `Get a new one from ${settings.oidcIssuer}.`;
  return new GraphQLError(`${reason} ${remedy}`, {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}

function bearerToken(authorization: unknown): string | undefined {
  if (typeof authorization !== 'string') return undefined;
  return /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization.trim())?.[1];
}
