import { randomUUID } from 'node:crypto';
import type { GraphQLResponse, CapacityWorld, TestIdentity } from './capacity-world.js';

/** A caller who may declare every phase everywhere. */
export const FEDERAL: TestIdentity = { role: 'crisis-staff', areas: [''] };

/** The alliance case as it is rightly declared. */
export const ALLIANCE_CASE = {
  area: '',
  phase: 'ALLIANCE_CASE',
  hazard: 'WAR_WOUNDED',
  legalBasis: 'Art. 80a Abs. 3 GG',
};

const DECLARATION = 'id area phase hazard legalBasis declaredAt endedAt endReason';

/** Declares a mass casualty, or whatever the test is about. */
export function declareRaw(
  world: CapacityWorld,
  changes: object = {},
  who: TestIdentity = FEDERAL,
): Promise<GraphQLResponse> {
  const input = {
    area: '05315',
    phase: 'MASS_CASUALTY',
    hazard: 'MASS_CASUALTY',
    legalBasis: 'RettG NRW § 7',
    idempotencyKey: randomUUID(),
    ...changes,
  };
  return world.request(
    `mutation ($input: DeclarePhaseInput!) { declarePhase(input: $input) { __typename
      ... on Refusal { message } ... on PhaseDeclaration { ${DECLARATION} } ... on PhaseNotDeclarable { phase }
      ... on UnknownArea { area } ... on AreaTooNarrow { area mostDigits } ... on InvalidLegalBasis { article }
      ... on PhaseDeclarationExists { phaseDeclaration { ${DECLARATION} } } ... on IdempotencyKeyReused { field } } }`,
    { input },
    who,
  );
}

/** Returns the outcome of a declaration. */
export async function declare(world: CapacityWorld, changes?: object, who?: TestIdentity) {
  const { data, errors } = await declareRaw(world, changes, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.declarePhase;
}

export function endRaw(
  world: CapacityWorld,
  phase: string,
  reason = 'it is over',
  who: TestIdentity = FEDERAL,
): Promise<GraphQLResponse> {
  return world.request(
    `mutation ($input: EndPhaseInput!) { endPhase(input: $input) { __typename ... on Refusal { message }
      ... on PhaseDeclaration { ${DECLARATION} } ... on UnknownPhaseDeclaration { phaseDeclarationId }
      ... on PhaseDeclarationEnded { phaseDeclaration { ${DECLARATION} } } } }`,
    { input: { phase, reason } },
    who,
  );
}

/** Returns the outcome of ending it. */
export async function end(
  world: CapacityWorld,
  phase: string,
  reason?: string,
  who?: TestIdentity,
) {
  const { data, errors } = await endRaw(world, phase, reason, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.endPhase;
}
