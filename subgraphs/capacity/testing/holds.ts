import { randomUUID } from 'node:crypto';
import type { GraphQLResponse, CapacityWorld, TestIdentity } from './capacity-world.js';
import { FEDERAL } from './phases.js';

const HOLD = `id category count remaining countsFrom counting reason placedAt
  releases { count reason releasedAt } of: facility { id }`;

/** Holds one bed until the alliance case, or whatever the test is about. */
export function holdRaw(
  world: CapacityWorld,
  facility: string,
  changes: object = {},
  who: TestIdentity = FEDERAL,
): Promise<GraphQLResponse> {
  const input = {
    facility,
    category: 'ICU_UNSPECIFIED',
    count: 1,
    countsFrom: 'ALLIANCE_CASE',
    reason: 'cluster hub',
    idempotencyKey: randomUUID(),
    ...changes,
  };
  return world.request(
    `mutation ($input: HoldBedsInput!) { holdBeds(input: $input) { __typename ... on Refusal { message }
      ... on Hold { ${HOLD} } ... on UnknownFacility { facilityId } ... on TooFewToHold { requested free }
      ... on IdempotencyKeyReused { field } } }`,
    { input },
    who,
  );
}

/** Returns the outcome of a hold. */
export async function hold(
  world: CapacityWorld,
  facility: string,
  changes?: object,
  who?: TestIdentity,
) {
  const { data, errors } = await holdRaw(world, facility, changes, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.holdBeds;
}

export function releaseRaw(
  world: CapacityWorld,
  id: string,
  changes: object = {},
  who: TestIdentity = FEDERAL,
): Promise<GraphQLResponse> {
  const input = {
    hold: id,
    count: 1,
    reason: 'burns from the factory',
    idempotencyKey: randomUUID(),
    ...changes,
  };
  return world.request(
    `mutation ($input: ReleaseHoldInput!) { releaseHold(input: $input) { __typename ... on Refusal { message }
      ... on Hold { ${HOLD} } ... on UnknownHold { holdId } ... on HoldExhausted { requested remaining }
      ... on IdempotencyKeyReused { field } } }`,
    { input },
    who,
  );
}

/** Returns the outcome of a release. */
export async function release(
  world: CapacityWorld,
  id: string,
  changes?: object,
  who?: TestIdentity,
) {
  const { data, errors } = await releaseRaw(world, id, changes, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.releaseHold;
}
