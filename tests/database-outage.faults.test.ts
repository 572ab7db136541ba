import { sendQuery, requestUntilSuccess } from './faults/query.js';
import {
  EACH_ONCE,
  heldSessions,
  watchHeldSessions,
  withoutDatabaseFor,
} from './faults/database.js';
import { startHub, type RunningHub } from './running-hub.js';
import { until } from './until.js';

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({ LOG_LEVEL: 'silent' });
});
afterAll(() => hub.stop());

test('after an outage of 60 seconds the hub answers, and holds each of its sessions once', async () => {
  const before = await sendQuery(hub);
  const watching = watchHeldSessions(hub);
  await withoutDatabaseFor(hub, 60);
  expect((await requestUntilSuccess(hub)).response).toEqual(before);
  await until(async () => JSON.stringify(await heldSessions(hub)) === JSON.stringify(EACH_ONCE));
  expect(await watching.stop()).toBe(1);
});
