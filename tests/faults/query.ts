import type { RunningHub } from '../running-hub.js';
import { until } from '../until.js';

export interface Answer {
  data?: { region: { beds: { operable: number }[] } | null; regions: unknown[] | null };
  errors?: { message: string; extensions: { code: string } }[];
}

/** One statement by Prisma, one by plain SQL: the two report an outage in words of their own. */
const QUERY =
  '{ region(code: "DE") { beds(category: ICU_UNSPECIFIED) { operable } } regions(level: LAND) { code } }';

/** Asks the hub for something that needs its database. */
export async function ask(hub: RunningHub): Promise<Answer> {
  const response = await fetch(hub.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await hub.token()}` },
    body: JSON.stringify({ query: QUERY }),
  });
  return (await response.json()) as Answer;
}

/** Asks until there is an answer without an error; returns it, and the refusals before it. */
export async function askUntilAnswered(hub: RunningHub) {
  const refusals: NonNullable<Answer['errors']> = [];
  let answer: Answer = {};
  await until(async () => {
    answer = await ask(hub);
    refusals.push(...(answer.errors ?? []));
    return !answer.errors;
  });
  return { answer, refusals };
}
