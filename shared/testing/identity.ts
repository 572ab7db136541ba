import { claimSetFrom, type Grant } from '../identity/claims.js';
import type { MintToken } from '../identity/internal-tokens.js';

/** The identity that a test acts under: a role of roles.json, the areas and facilities it holds for, and a pseudonym. */
export interface TestIdentity {
  role: string;
  areas?: string[];
  facilities?: string[];
  organisations?: string[];
  /** Id of the person's own record as a professional. */
  professional?: string;
  /** Roles that each hold for something else; they replace all of the above. */
  grants?: Partial<Grant>[];
  /** Pseudonym of the person or system; none for a caller that only reads. */
  subject?: string;
}

/** Crisis staff of all of Germany, who may see and do everything that an authority may. */
export const CRISIS_STAFF: TestIdentity = {
  role: 'crisis-staff',
  areas: [''],
  subject: 'crisis staff',
};

/** Staff of a facility, under a pseudonym of their own. */
export const staffOf = (facility: string, subject = `staff of ${facility}`): TestIdentity => ({
  role: 'hospital',
  facilities: [facility],
  subject,
});

/** Returns the header with which the gateway would present the identity to a subgraph. */
export async function authorizationOf(
  mint: MintToken,
  audience: string,
  {
    role,
    areas = [],
    facilities = [],
    organisations = [],
    professional,
    grants,
    subject,
  }: TestIdentity,
  mayChange?: true,
): Promise<string> {
  const claims = claimSetFrom({
    roles: [role],
    areas,
    facilities,
    organisations,
    professional,
    grants,
  });
  const token = await mint(
    { claims, ...(subject && { subject }), ...(mayChange && { mayChange }) },
    audience,
  );
  return `Bearer ${token}`;
}
