import { startHub, type RunningHub } from './running-hub.js';

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
}, 120_000);
afterAll(() => hub.stop(), 30_000);

interface Answer {
  data?: { region: { beds: { operable: number }[] } | null; regions: unknown[] | null };
  errors?: { message: string; extensions: { code: string } }[];
}

async function ask(): Promise<Answer> {
  const response = await fetch(hub.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await hub.token()}`,
    },
    body: JSON.stringify({
      // One statement by Prisma, one by plain SQL: the two report an outage in words of their own.
      query:
        '{ region(code: "DE") { beds(category: ICU_UNSPECIFIED) { operable } } regions(level: LAND) { code } }',
    }),
  });
  return (await response.json()) as Answer;
}

test('while the database is away the hub says so, and afterwards it answers as before', async () => {
  const before = await ask();
  expect(before.errors).toBeUndefined();
  process.kill(hub.postmaster, 'SIGKILL');

  const refusals = [];
  let answer = await ask();
  while (answer.errors) {
    refusals.push(...answer.errors);
    answer = await ask();
  }
  expect(answer).toEqual(before);
  expect(refusals.length).toBeGreaterThan(0);
  expect(new Set(refusals.map(({ extensions }) => extensions.code))).toEqual(
    new Set(['SERVICE_UNAVAILABLE']),
  );
  expect(refusals.every(({ message }) => !/127\.0\.0\.1|postgres|ECONN/i.test(message))).toBe(true);
}, 60_000);
