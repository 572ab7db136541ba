import type { RunningHub } from '../running-hub.js';
import { until } from '../until.js';

export interface QueryResponse {
  data?: { region: { beds: { operable: number }[] } | null; regions: unknown[] | null };
  errors?: { message: string; extensions: { code: string } }[];
}

/** One statement by Prisma, one by plain SQL: the two report an outage in words of their own. */
const QUERY =
  '{ region(code: "DE") { beds(category: ICU_UNSPECIFIED) { operable } } regions(level: LAND) { code } }';

/** Sends a query that needs the database of the hub. */
export async function sendQuery(hub: RunningHub): Promise<QueryResponse> {
  const response = await fetch(hub.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await hub.token()}` },
    body: JSON.stringify({ query: QUERY }),
  });
  return (await response.json()) as QueryResponse;
}

/** Repeats the query until there is a response without an error; returns it, and the refusals before it. */
export async function requestUntilSuccess(hub: RunningHub) {
  const refusals: NonNullable<QueryResponse['errors']> = [];
  let response: QueryResponse = {};
  await until(async () => {
    response = await sendQuery(hub);
    refusals.push(...(response.errors ?? []));
    return !response.errors;
  });
  return { response, refusals };
}
