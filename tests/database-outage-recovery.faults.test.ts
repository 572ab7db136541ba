import { SUBGRAPHS } from '../shared/env.js';
import { hasExited } from '../start/postgres/postmaster.js';
import { sendQuery, requestUntilSuccess, type QueryResponse } from './faults/query.js';
import {
  EACH_ONCE,
  exhaustConnections,
  heldSessions,
  postmasterOf,
  watchHeldSessions,
  withoutDatabase,
  withoutDatabaseFor,
} from './faults/database.js';
import { startHub, type RunningHub } from './running-hub.js';
import { until } from './until.js';
import { slowness } from './speed/slowness.js';

/** "Within seconds" of the database, with room for a machine that is busy. */
const RESPONDS_WITHIN_MS = 20_000;

let hub: RunningHub;
let before: QueryResponse;
beforeAll(async () => {
  hub = await startHub({ LOG_LEVEL: 'silent' });
  before = await sendQuery(hub);
});
afterAll(() => hub.stop());

const isWhole = async () => JSON.stringify(await heldSessions(hub)) === JSON.stringify(EACH_ONCE);

test('while the database is unavailable the hub says so, and afterwards it answers as before', async () => {
  expect(before.errors).toBeUndefined();
  await withoutDatabase(hub, async () => {
    let refused: QueryResponse = {};
    await until(async () => Boolean((refused = await sendQuery(hub)).errors));
    for (const { message, extensions } of refused.errors!) {
      expect(extensions.code).toBe('SERVICE_UNAVAILABLE');
      expect(message).not.toMatch(/127\.0\.0\.1|postgres|ECONN/i);
    }
  });
  const { response, refusals } = await requestUntilSuccess(hub);
  expect(response).toEqual(before);
  const codes = refusals.map(({ extensions }) => extensions.code);
  expect(codes.filter((code) => code !== 'SERVICE_UNAVAILABLE')).toEqual([]);
});

test('while the database is unavailable the subgraphs are not ready, and the gateway names them', async () => {
  const origin = new URL(hub.url).origin;
  const port = Number(new URL(hub.url).port);
  const urls = SUBGRAPHS.map((_, index) => `http://127.0.0.1:${port + 1 + index}`);
  const read = async (url: string) => {
    const response = await fetch(new URL('/readyz', url));
    return {
      code: response.status,
      ...((await response.json()) as { status: string; supergraph?: string }),
    };
  };
  const ready = { code: 200, status: 'ready' };
  const unavailable = { code: 503, status: 'not ready: the database does not answer' };
  const isSeen = async (state: 'answers' | 'away') => {
    const { supergraph: _, ...gateway } = await read(origin);
    const expected = state === 'answers' ? ready : unavailable;
    const seen = [gateway, ...(await Promise.all(urls.map(read)))];
    const subgraphs = Object.fromEntries(SUBGRAPHS.map((subgraph) => [subgraph, state]));
    const all = [{ ...ready, subgraphs }, ...SUBGRAPHS.map(() => expected)];
    return JSON.stringify(seen) === JSON.stringify(all);
  };
  await until(() => isSeen('answers'));
  await withoutDatabase(hub, () => until(() => isSeen('away')));
  await until(() => isSeen('answers'));
});

test.each([0.5, 2, 10])(
  'after an outage of %d seconds the hub answers, and holds each of its sessions once',
  async (seconds) => {
    await until(isWhole);
    const watching = watchHeldSessions(hub);
    await withoutDatabaseFor(hub, seconds);
    await until(async () => Object.keys(await heldSessions(hub)).length > 0);
    const since = performance.now();
    expect((await requestUntilSuccess(hub)).response).toEqual(before);
    expect(performance.now() - since).toBeLessThan(RESPONDS_WITHIN_MS * slowness());
    await until(isWhole);
    expect(await watching.stop()).toBe(1);
  },
);

test('after other clients have used up the connections the hub answers, and holds each of its sessions once', async () => {
  await until(isWhole);
  const others = await exhaustConnections(hub);
  let refused: QueryResponse = {};
  await until(async () => Boolean((refused = await sendQuery(hub)).errors));
  const codes = new Set(refused.errors!.map(({ extensions }) => extensions.code));
  expect(codes).toEqual(new Set(['SERVICE_UNAVAILABLE']));
  await others.stop();

  const watching = watchHeldSessions(hub);
  expect((await requestUntilSuccess(hub)).response).toEqual(before);
  await until(isWhole);
  expect(await watching.stop()).toBe(1);
});

test('SIGTERM ends the database server, also when there is no connection left to it', async () => {
  const server = await postmasterOf(hub);
  const others = await exhaustConnections(hub);
  await hub.stop();
  await until(() => hasExited(server));
  await others.stop();
});
