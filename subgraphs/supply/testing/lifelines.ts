import type { SupplyWorld, TestIdentity } from './supply-world.js';

/** The fields of a lifeline that tests select. */
export const LIFELINE = `id kind unit stock load loadMethod supplied enduranceHours hoursRemaining failsAt status limitsBeds ageMinutes
  facility { id } nextDelivery { at quantity } provenance { source method observedAt receivedAt }`;

/** A report of fuel for 100 hours, observed now. */
export function fuel(world: SupplyWorld, facility: string, changes: object = {}) {
  return {
    facility,
    kind: 'GENERATOR_FUEL',
    stock: 10_000,
    load: 100,
    unit: 'LITRE',
    source: 'test',
    observedAt: world.clock.now.toISOString(),
    ...changes,
  };
}

const OUTCOME = `__typename ... on Refusal { message } ... on Lifeline { ${LIFELINE} } ... on LifelineReportNotCounted { message lifeline { ${LIFELINE} } } ... on MethodNotAllowed { allowedMethods } ... on UnknownFacility { facilityId }
  ... on ImplausibleLevel { field value minimum maximum } ... on WrongLifelineUnit { expected } ... on InvalidLifelineReport { missing: field }
  ... on LifelineTimeOutOfRange { instant: field at earliest latest } ... on ConflictingLifelineReport { observedAt }`;

/** Reports a lifeline and returns the whole response. */
export function reportRaw(world: SupplyWorld, input: object, who?: TestIdentity) {
  return world.request(
    `mutation ($input: ReportLifelineInput!) { reportLifeline(input: $input) { ${OUTCOME} } }`,
    { input },
    who,
  );
}

/** Reports a lifeline and returns its outcome. */
export async function report(world: SupplyWorld, input: object, who?: TestIdentity) {
  const { data, errors } = await reportRaw(world, input, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.reportLifeline;
}

/** Reports many lifelines in one call. */
export function reportAll(world: SupplyWorld, reports: object[], who?: TestIdentity) {
  return world.request(
    `mutation ($reports: [ReportLifelineInput!]!) { reportLifelines(input: { reports: $reports }) { outcomes { ${OUTCOME} } } }`,
    { reports },
    who,
  );
}

/** A page of the list of lifelines, in the order in which they fail. */
export async function listLifelines(
  world: SupplyWorld,
  filter: object,
  who?: TestIdentity,
  page: object = {},
) {
  const { data } = await world.request(
    `query ($filter: LifelineFilter, $first: Int, $after: String) { lifelines(filter: $filter, first: $first, after: $after) {
      nodes { kind hoursRemaining facility { id } } pageInfo { endCursor hasNextPage } } }`,
    { filter, ...page },
    who,
  );
  return data.lifelines;
}
