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

/** Undefined when this hub issues no tokens, which is every hub with an identity provider of its own. */
export async function developmentSession(identity: Identity): Promise<Session | undefined> {
  let token = await developmentToken(identity);
  if (token === undefined) return undefined;
  let current = token;
  return {
    async token() {
      if (expiresAt(current) - RENEW_BEFORE_SECONDS * 1000 > Date.now()) return current;
      token = await developmentToken(identity);
      if (token === undefined)
        throw new Error('The hub issues no tokens any more. Reload this page.');
      return (current = token);
    },
  };
}

/** Keeps the token in this page only, until the page is closed. */
export function pastedSession(token: string): Session {
  return { token: () => Promise.resolve(token) };
}

async function developmentToken({ role, area }: Identity): Promise<string | undefined> {
  const response = await fetch(`/sandbox/token?${new URLSearchParams({ role, area })}`);
  if (!response.ok) return undefined;
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
