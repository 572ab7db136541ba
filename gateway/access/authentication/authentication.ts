import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { claimSetFrom, type ClaimSet } from '../../../shared/identity/claims.js';
import { developmentVerifier } from '../../../shared/identity/development-issuer.js';
import type { InternalIdentity } from '../../../shared/identity/internal-tokens.js';
import { outage } from '../../faults/outage.js';
import { lastSecondOf } from './access-token-rules.js';
import { oidcVerifier, type TokenVerifier } from './oidc.js';
import { whyRefused } from './refusal-reasons.js';

/** Who a client is, as its verified token says. */
export interface ClientIdentity extends InternalIdentity {
  subject: string;
  expiresAt: Date;
}

export interface IdentitySettings {
  dataFolder: string;
  oidcIssuer: string | undefined;
  oidcAudience: string;
  /** How long after it was issued a token of a person is accepted at most; without it a day. */
  tokenMaxAgeSeconds?: number;
  /** How often the issuer may be asked for keys it has not named before; see oidcVerifier. */
  oidcKeysEveryMs?: number;
}

/** The latest instant a Date can hold; a token may name a later one. */
const END_OF_TIME_MS = 8.64e15;

/** As long as the longest shift with its hand-over. */
const USUAL_MAX_AGE_SECONDS = 86_400;

/** A token that was good is not verified again for so long with the same keys: screens ask many times with one token. */
const TRUSTED_MS = 30_000;
const MOST_REMEMBERED = 10_000;

interface Verified {
  identity: ClientIdentity;
  /** The keys it was verified with: others may not know it. */
  by: unknown;
}

/** Turns the text of an `authorization` header, wherever a client sends it, into an identity. Throws UNAUTHENTICATED. */
export type Authenticate = (authorization: unknown) => Promise<ClientIdentity>;

export function authentication(settings: IdentitySettings, log: Logger): Authenticate {
  const { dataFolder, oidcIssuer, oidcAudience } = settings;
  const maxAgeSeconds = settings.tokenMaxAgeSeconds ?? USUAL_MAX_AGE_SECONDS;
  const { verify, keys }: TokenVerifier =
    oidcIssuer === undefined
      ? { verify: developmentVerifier(dataFolder, oidcAudience), keys: () => dataFolder }
      : oidcVerifier(oidcIssuer, oidcAudience, settings.oidcKeysEveryMs);
  const known = new LRUCache<string, Verified>({ max: MOST_REMEMBERED });

  return async (authorization) => {
    const token = bearerToken(authorization);
    if (token === undefined) {
      const what = authorization === undefined ? 'there is none' : 'it reads differently';
      throw unauthenticated(
        settings,
        `This needs a token: the authorization header must read "Bearer <token>", but ${what}.`,
      );
    }
    const verified = known.get(token);
    if (verified && verified.by === keys()) return verified.identity;
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
      // Once it has expired, whether it still counts is for the verifier to say.
      const ttl = Math.min(TRUSTED_MS, identity.expiresAt.getTime() - Date.now());
      const by = keys();
      if (ttl > 0 && by !== undefined) known.set(token, { identity, by }, { ttl });
      return identity;
    } catch (error) {
      const reason = whyRefused(error, settings);
      if (reason !== undefined) throw unauthenticated(settings, reason);
      const away = outage(log, 'the identity provider', error);
      away.extensions['http'] = { status: 503 };
      throw away;
    }
  };
}

/** What is known of a claim set is kept beside the object, which therefore may never become another one. */
function frozen(claims: ClaimSet): ClaimSet {
  for (const value of Object.values(claims)) Object.freeze(value);
  return Object.freeze(claims);
}

/** UNAUTHENTICATED, HTTP status 401, with what the caller can do about it. */
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
