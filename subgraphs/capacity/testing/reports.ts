import type { GraphQLResponse, CapacityWorld, TestIdentity } from './capacity-world.js';

/** A report that the rules accept, with whatever the test is about. */
export function report(world: CapacityWorld, facility: string, changes: object = {}) {
  return {
    facility,
    category: 'ICU_UNSPECIFIED',
    operable: 10,
    occupied: 4,
    source: 'ward system',
    method: 'REPORTED',
    observedAt: world.clock.now.toISOString(),
    ...changes,
  };
}

const OUTCOME = `
  __typename
  ... on Facility { id beds { category operable occupied blocked reserved held free overcommitted status limitations staleAt stale
    provenance { source method observedAt receivedAt late } } }
  ... on Refusal { message }
  ... on ImplausibleCount { field value minimum maximum }
  ... on InvalidReport { field }
  ... on ObservedOutOfRange { field at earliest latest }`;

/** Sends one report and gives its outcome. */
export async function send(world: CapacityWorld, input: object, who?: TestIdentity) {
  const { data, errors } = await sendRaw(world, input, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.reportCapacity;
}

export function sendRaw(
  world: CapacityWorld,
  input: object,
  who?: TestIdentity,
): Promise<GraphQLResponse> {
  return world.request(
    `mutation ($input: ReportCapacityInput!) { reportCapacity(input: $input) { ${OUTCOME} } }`,
    { input },
    who,
  );
}

export function sendAll(
  world: CapacityWorld,
  reports: object[],
  who?: TestIdentity,
): Promise<GraphQLResponse> {
  return world.request(
    `mutation ($input: ReportCapacitiesInput!) { reportCapacities(input: $input) { outcomes { ${OUTCOME} } } }`,
    { input: { reports } },
    who,
  );
}

/** Ids of the first facilities of an area, always the same ones. */
export async function facilitiesOf(
  world: CapacityWorld,
  area: string,
  count = 1,
): Promise<string[]> {
  const { data } = await world.request(
    `query ($area: String!, $count: Int!) { facilities(filter: { area: $area }, first: $count) { nodes { id } } }`,
    { area, count },
  );
  return data.facilities.nodes.map(({ id }: { id: string }) => id);
}

/** The beds of one category of one facility. */
export async function bedsOf(world: CapacityWorld, facility: string, category = 'ICU_UNSPECIFIED') {
  const { data } = await world.request(
    `query ($facility: ID!, $category: BedCategory) { facility(id: $facility) { beds(category: $category) {
      category operable occupied blocked free overcommitted status limitations staleAt stale
      provenance { source method observedAt receivedAt late } } } }`,
    { facility, category },
  );
  return data.facility.beds[0];
}
