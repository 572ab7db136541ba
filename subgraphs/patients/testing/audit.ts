import { claimSetFrom, type ClaimSet } from '../../../shared/identity/claims.js';
import { tokenMint } from '../../../shared/identity/internal-tokens.js';
import type { GraphQLResponse, PatientsWorld, TestIdentity } from './patients-world.js';

/** The claims of the gateway, which alone reports reads. */
export const GATEWAY: ClaimSet = {
  roles: [],
  scopes: ['reads:record'],
  areas: [],
  facilities: [],
  organisations: [],
};

export const claimsOf = ({ role, areas = [], facilities = [] }: TestIdentity): ClaimSet =>
  claimSetFrom({ roles: [role], areas, facilities });

/** Sends a request with rights alone, as the gateway does for callers who share a query. */
export async function requestWithRights(
  world: PatientsWorld,
  claims: ClaimSet,
  query: string,
  variables: object = {},
): Promise<GraphQLResponse & { extensions?: { disclosed?: string[] } }> {
  const mint = await tokenMint(world.dataFolder, 'gateway');
  const response = await fetch(world.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await mint({ claims, mayChange: true }, 'patients')}`,
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as GraphQLResponse;
}

/** Reports reads as the gateway does. */
export const report = (world: PatientsWorld, reads: object[], claims: ClaimSet = GATEWAY) =>
  requestWithRights(
    world,
    claims,
    'mutation ($reads: [PatientReadInput!]!) { recordPatientReads(reads: $reads) }',
    { reads },
  );

/** Returns the audit entries of a reader, oldest first. */
export async function entriesBy(world: PatientsWorld, by: string): Promise<any[]> {
  const { rows } = await world.pool.query(
    `SELECT at, action::text, purpose::text, stated_purpose AS "statedPurpose", field, operation, criteria, patients, count,
       roles, incident_id AS incident, transfer_id AS transfer, areas, facilities
     FROM audit_entry WHERE by = $1 ORDER BY at, id`,
    [by],
  );
  return rows;
}
