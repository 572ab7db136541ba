import { randomUUID } from 'node:crypto';
import type { OrganisationKind } from '../generated/graphql.js';
import type { SupplyWorld, TestIdentity } from './supply-world.js';

export const COLOGNE = { area: '05315', position: { latitude: 50.94, longitude: 6.96 } };

/** Registers an organisation in Cologne, unless the changes say where, and returns its id. */
export async function newOrganisation(
  world: SupplyWorld,
  changes: { kind?: OrganisationKind; name?: string; area?: string; position?: object } = {},
): Promise<string> {
  const input = {
    kind: 'WHOLESALER',
    name: `Organisation ${randomUUID()}`,
    ...COLOGNE,
    idempotencyKey: randomUUID(),
    ...changes,
  };
  const { data, errors } = await world.request(
    `mutation ($input: RegisterOrganisationInput!) {
      registerOrganisation(input: $input) { __typename ... on Refusal { message } ... on Organisation { id } } }`,
    { input },
  );
  if (!data?.registerOrganisation?.id) throw new Error(JSON.stringify(errors ?? data));
  return data.registerOrganisation.id;
}

/** A supplier whose token names these organisations. */
export function supplierOf(...organisations: string[]): TestIdentity {
  return { role: 'supplier', organisations };
}
