import { randomUUID } from 'node:crypto';
import { inputTypeOf } from '../../../shared/testing/graphql-response.js';
import type { CapacityWorld, TestIdentity } from './capacity-world.js';

const REASONS = 'reasons { code message category intake needs hazard phase { id } closure { id } }';
const PAGE = 'totalCount pageInfo { hasNextPage hasPreviousPage endCursor }';
const SEARCH = `
  query ($filter: PlaceFilter, $first: Int, $after: String, $leftOut: Int, $afterLeftOut: String) {
    places(filter: $filter, first: $first, after: $after) {
      ${PAGE}
      nodes { facility { id } kilometres phase hazards
        beds { category usable free stale provenance { source } ${REASONS} }
        intake { category usable limit reserved free method ${REASONS} }
        cautions { code category intake closure { id } } }
      leftOut(first: $leftOut, after: $afterLeftOut) {
        ${PAGE} nodes { facility { id } kilometres phase hazards ${REASONS} } } } }`;

/** Searches facilities, with up to 500 of those left out unless the test says otherwise. */
export function searchRaw(
  world: CapacityWorld,
  filter?: object,
  page: object = {},
  who?: TestIdentity,
) {
  return world.request(SEARCH, { filter, leftOut: 500, ...page }, who);
}

export async function searchFacilities(world: CapacityWorld, filter?: object, page?: object) {
  const { data, errors } = await searchRaw(world, filter, page);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.places;
}

/** Returns the reasons against a facility: none when it is usable, undefined when it was not considered. */
export async function codesAgainst(world: CapacityWorld, facility: string, filter: object) {
  const { nodes, leftOut } = await searchFacilities(world, filter, { first: 500 });
  const isFacility = (one: { facility: { id: string } }) => one.facility.id === facility;
  if (nodes.some(isFacility)) return [];
  return leftOut.nodes.find(isFacility)?.reasons.map(({ code }: { code: string }) => code);
}

/** Does something by a mutation that must succeed, and gives the id of the result of it. */
export async function act(
  world: CapacityWorld,
  field: string,
  member: string,
  input: object,
): Promise<string> {
  const type = inputTypeOf(field);
  const key = /^(override|release|end|reopen)/.test(field) ? {} : { idempotencyKey: randomUUID() };
  const { data, errors } = await world.request(
    `mutation ($input: ${type}!) { outcome: ${field}(input: $input) {
      ... on Refusal { message } ... on ${member} { id } } }`,
    { input: { ...input, ...key } },
    { role: 'crisis-staff', areas: [''] },
  );
  if (errors || data.outcome.message) throw new Error(JSON.stringify(errors ?? data));
  return data.outcome.id;
}

/** Closes a whole facility for patients in danger of life for two hours, or whatever the test is about. */
export function close(world: CapacityWorld, facility: string, changes: object = {}) {
  return act(world, 'closeDepartment', 'Closure', {
    facility,
    department: 'WHOLE_HOUSE',
    urgencies: ['IMMEDIATE'],
    reason: 'no power',
    until: world.inMinutes(120),
    ...changes,
  });
}

/** Kreise with at least that many hospitals, each with their ids. */
export async function kreiseWith(world: CapacityWorld, count: number, land = '') {
  const { rows } = await world.pool.query<{ area: string; facilities: string[] }>(
    `SELECT area, array_agg(id::text ORDER BY created_at, id) AS facilities FROM facility
     WHERE kind = 'HOSPITAL' AND starts_with(area, $2) GROUP BY area HAVING count(*) >= $1 ORDER BY area`,
    [count, land],
  );
  return rows;
}
