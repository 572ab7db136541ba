import { jwtVerify, SignJWT } from 'jose';
import { publicKeys, signingKey } from './keys.js';

/** `iss` of development tokens; the gateway accepts it only while no OIDC_ISSUER is set. */
export const DEVELOPMENT_ISSUER = 'vierblatt-development';
const SIGNER = 'development-issuer';

export interface DevelopmentToken {
  role: string;
  areas: string[];
  facilities: string[];
  /** Ids of the organisations that the token acts for; none unless said. */
  organisations?: string[] | undefined;
  /** Id of the person's own record as a professional; none unless said. */
  professional?: string | undefined;
  level?: string | undefined;
  subject?: string | undefined;
  /** Seconds from now. */
  ttl: number;
}

/** Signs a token as an OpenID Connect issuer would, with the key in the data folder. */
export async function issueDevelopmentToken(
  dataFolder: string,
  audience: string,
  token: DevelopmentToken,
): Promise<string> {
  const { role, areas, facilities, organisations = [], professional, level, subject, ttl } = token;
  const { kid, key } = await signingKey(dataFolder, SIGNER);
  return new SignJWT({
    roles: [role],
    areas,
    facilities,
    ...(organisations.length > 0 ? { organisations } : {}),
    ...(professional === undefined ? {} : { professional }),
    ...(level === undefined ? {} : { level }),
  })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(audience)
    .setSubject(subject ?? `development-${role}`)
    .setIssuedAt()
    .setExpirationTime(`${ttl} seconds`)
    .sign(key);
}

/** Verifies tokens of the development issuer. Throws jose's errors. */
export function developmentVerifier(dataFolder: string, audience: string) {
  const keys = publicKeys(dataFolder, [SIGNER]);
  return async (token: string): Promise<Record<string, unknown>> => {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['EdDSA'],
      audience,
      issuer: DEVELOPMENT_ISSUER,
      requiredClaims: ['exp', 'iat', 'sub'],
      typ: 'at+jwt',
      clockTolerance: 5,
    });
    return payload;
  };
}
