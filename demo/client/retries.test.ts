import { ScriptedServer } from '../../gateway/testing/scripted-server.js';
import type { TypedDocument } from '../../shared/graphql-client/typed-document.js';
import { HubClient } from './hub-client.js';
import { withRetries } from './retries.js';

const overBudget = { errors: [{ message: 'Wait 1 s.', extensions: { code: 'TOO_MUCH' } }] };
const DONE: TypedDocument<{ done: boolean }, object> = { toString: () => '{ done }' };

let server: ScriptedServer;
let client: HubClient;
beforeEach(async () => {
  server = await ScriptedServer.open();
  client = new HubClient(server.url, 1, '');
});
afterEach(async () => {
  await client.close();
  await server.close();
});

const request = () =>
  withRetries(new AbortController().signal, () =>
    client.request(() => Promise.resolve('token'), DONE, {}),
  );

test('a caller who has spent the budget waits as long as the hub says and repeats the request', async () => {
  const requested = request();
  const [first] = await server.received(1);
  const since = performance.now();
  first!.respond(overBudget, 429, { 'retry-after': '1' });
  const [, second] = await server.received(2);
  expect(performance.now() - since).toBeGreaterThan(950);
  second!.respond({ data: { done: true } });
  expect(await requested).toEqual({ done: true });
});

test('a request that is refused for good is not repeated', async () => {
  const requested = request();
  const [first] = await server.received(1);
  first!.respond(overBudget, 400);
  await expect(requested).rejects.toThrow('The hub refused the request: Wait 1 s.');
  expect(server.sent).toHaveLength(1);
});
