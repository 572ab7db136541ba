/** Roles a newcomer can try; the hub knows more. */
export const ROLES = {
  'crisis-staff': 'Crisis staff',
  dispatch: 'Rescue control room',
  hospital: 'Hospital',
  'health-office': 'Public health office',
  partner: 'Partner system',
} as const;
export type Role = keyof typeof ROLES;

/** Areas by their AGS (official municipality key): Germany, its Länder, and one Kreis to see the difference. */
export const AREAS: [ags: string, name: string][] = [
  ['', 'Germany'],
  ['08', 'Baden-Württemberg'],
  ['09', 'Bayern'],
  ['11', 'Berlin'],
  ['12', 'Brandenburg'],
  ['04', 'Bremen'],
  ['02', 'Hamburg'],
  ['06', 'Hessen'],
  ['13', 'Mecklenburg-Vorpommern'],
  ['03', 'Niedersachsen'],
  ['05', 'Nordrhein-Westfalen'],
  ['05315', '– Köln'],
  ['07', 'Rheinland-Pfalz'],
  ['10', 'Saarland'],
  ['14', 'Sachsen'],
  ['15', 'Sachsen-Anhalt'],
  ['01', 'Schleswig-Holstein'],
  ['16', 'Thüringen'],
];

export interface Identity {
  role: Role;
  area: string;
}

/** The credentials of the page: a token of the development issuer, renewed when it runs out, or one that was pasted. */
export interface Session {
  token(): Promise<string>;
}

/** Seconds before its end at which a token is not used any more, so that it does not expire on the way. */
const RENEW_BEFORE_SECONDS = 30;

/** This hub has an identity provider of its own. */
export class NoTokenError extends Error {
  constructor() {
    super('The hub issues no tokens. Reload this page and paste one.');
  }
}

/** Its tokens are those of this identity only; a request waits until its token is issued. */
export function developmentSession(identity: Identity): Session {
  let latest: Promise<string> | undefined;
  const request = () => {
    const token = developmentToken(identity);
    token.catch(() => (latest = undefined));
    return token;
  };
  return {
    async token() {
      const token = await (latest ??= request());
      const usableUntil = expiresAt(token) - RENEW_BEFORE_SECONDS * 1000;
      return usableUntil > Date.now() ? token : (latest = request());
    },
  };
}

/** Keeps the token in this page only, until the page is closed. */
export function pastedSession(token: string): Session {
  return { token: () => Promise.resolve(token) };
}

/** @throws {NoTokenError} */
async function developmentToken({ role, area }: Identity): Promise<string> {
  const response = await fetch(`/sandbox/token?${new URLSearchParams({ role, area })}`);
  if (!response.ok) throw new NoTokenError();
  return ((await response.json()) as { token: string }).token;
}

/** `exp` of a JWT in milliseconds. Read, not verified: that is the hub's part. */
function expiresAt(token: string): number {
  const payload = token.split('.')[1] ?? '';
  const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as {
    exp: number;
  };
  return exp * 1000;
}
