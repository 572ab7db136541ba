import { jwtVerify, SignJWT } from 'jose';
import type { Grant } from './claims.js';
import { publicKeys, signingKey } from './keys.js';

/** `iss` of development tokens; the gateway accepts it only while no OIDC_ISSUER is set. */
export const DEVELOPMENT_ISSUER = 'vierblatt-development';
const SIGNER = 'development-issuer';

export interface DevelopmentToken {
  role: string;
  areas: readonly string[];
  facilities: readonly string[];
  /** Ids of the organisations that the token acts for; none unless said. */
  organisations?: readonly string[] | undefined;
  /** Several roles, each with what it holds for; they stand in the token instead of the fields above. */
  grants?: readonly Partial<Grant>[] | undefined;
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
  const { role, professional, level, subject, ttl } = token;
  const { kid, key } = await signingKey(dataFolder, SIGNER);
  return new SignJWT({
    ...rightsOf(token),
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

function rightsOf({ role, areas, facilities, organisations = [], grants }: DevelopmentToken) {
  if (grants) return { grants };
  return {
    roles: [role],
    areas,
    facilities,
    ...(organisations.length > 0 ? { organisations } : {}),
  };
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
