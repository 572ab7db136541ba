import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { claimSetFrom } from '../../shared/identity/claims.js';
import { developmentVerifier } from '../../shared/identity/development-issuer.js';
import type { InternalIdentity } from '../../shared/identity/internal-tokens.js';
import { outage } from '../faults/outage.js';
import { oidcVerifier } from './oidc.js';
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
  /** How often the issuer may be asked for keys it has not named before; see oidcVerifier. */
  oidcKeysEveryMs?: number;
}

/** The latest instant a Date can hold; a token may name a later one. */
const END_OF_TIME_MS = 8.64e15;

/** Turns the text of an `authorization` header, wherever a client sends it, into an identity. Throws UNAUTHENTICATED. */
export type Authenticate = (authorization: unknown) => Promise<ClientIdentity>;

export function authentication(settings: IdentitySettings, log: Logger): Authenticate {
  const { dataFolder, oidcIssuer, oidcAudience } = settings;
  const verify =
    oidcIssuer === undefined
      ? developmentVerifier(dataFolder, oidcAudience)
      : oidcVerifier(oidcIssuer, oidcAudience, settings.oidcKeysEveryMs);

  return async (authorization) => {
    const token = bearerToken(authorization);
    if (token === undefined) {
      const what = authorization === undefined ? 'there is none' : 'it reads differently';
      throw unauthenticated(
        settings,
        `This needs a token: the authorization header must read "Bearer <token>", but ${what}.`,
      );
    }
    try {
      const claims = await verify(token);
      return {
        claims: claimSetFrom(claims),
        subject: String(claims['sub']),
        expiresAt: new Date(Math.min(Number(claims['exp']) * 1000, END_OF_TIME_MS)),
      };
    } catch (error) {
      const reason = whyRefused(error, settings);
      if (reason !== undefined) throw unauthenticated(settings, reason);
      const away = outage(log, 'the identity provider', error);
      away.extensions['http'] = { status: 503 };
      throw away;
    }
  };
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
