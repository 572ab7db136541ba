import { randomUUID } from 'node:crypto';
import { subgraphClaims, tokenMint } from '../../../shared/identity/index.js';
import { postGraphQL, type GraphQLResponse } from '../../../shared/testing/graphql-response.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import { capacityWorld, type CapacityWorld } from './capacity-world.js';

/** A capacity subgraph that the other subgraphs call. */
export const sustainabilityWorld = () =>
  capacityWorld({ callers: ['patients', 'supply', 'personnel'] });

/** The parts of a world in which a capacity subgraph runs that a declaration needs. */
type DeclaringWorld = Pick<CapacityWorld, 'url' | 'dataFolder' | 'clock'>;

/** Sends a request in the name of another subgraph of the hub. */
export async function requestAs(
  world: DeclaringWorld,
  subgraph: string,
  query: string,
  variables: object = {},
): Promise<GraphQLResponse> {
  const mint = await tokenMint(world.dataFolder, subgraph);
  const token = await mint({ claims: subgraphClaims(), mayChange: true }, 'capacity');
  return postGraphQL(world.url, { query, variables }, { authorization: `Bearer ${token}` });
}

/** The hours after the world's clock at which something is. */
export const inHours = (world: Pick<DeclaringWorld, 'clock'>, hours: number) =>
  new Date(world.clock.now.getTime() + hours * HOUR_MS);

export interface DeclarationFacts {
  facility: string;
  cause?: string;
  category?: string;
  beds?: number | null;
  /** Hours from now. */
  from?: number;
  until?: number;
  observed?: number;
  source?: string;
  method?: string;
  suddenFall?: boolean;
  concerns?: string[];
}

/** The input of a declaration of beds of one category, 0 of ICU_HIGH_CARE from now on unless it says otherwise. */
export function declarationOf(world: Pick<DeclaringWorld, 'clock'>, declared: DeclarationFacts) {
  const { facility, cause = 'POWER', category = 'ICU_HIGH_CARE', beds = 0, from = 0 } = declared;
  const {
    observed = 0,
    until = observed + 24,
    source = 'generators',
    method = 'DEVICE',
    suddenFall = false,
    concerns = [],
  } = declared;
  return {
    facility,
    cause,
    source,
    method,
    suddenFall,
    concerns,
    observedAt: inHours(world, observed),
    items: [{ category, beds, from: inHours(world, from), until: inHours(world, until) }],
  };
}

export const DECLARE = `mutation ($input: DeclareSustainableBedsInput!) {
  declareSustainableBeds(input: $input) {
    __typename ... on Refusal { message } ... on InvalidSustainableBeds { field }
    ... on SustainabilityTimeOutOfRange { field } } }`;
export const DECLARE_MANY = `mutation ($input: DeclareSustainableBedsOfManyInput!) {
  declareSustainableBedsOfMany(input: $input) {
    outcomes { __typename ... on Refusal { message } } keyReused { field } } }`;

/** Declares beds as the subgraph that knows the cause, and returns the outcome. */
export async function declare(
  world: DeclaringWorld,
  declared: DeclarationFacts,
  key = randomUUID(),
) {
  const subgraph = declared.cause === 'STAFF' ? 'personnel' : 'supply';
  const input = { ...declarationOf(world, declared), idempotencyKey: key };
  const { data, errors } = await requestAs(world, subgraph, DECLARE, { input });
  expect(errors).toBeUndefined();
  return data.declareSustainableBeds as { __typename: string; message?: string; field?: string };
}
