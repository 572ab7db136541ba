import { ScriptedServer } from '../../gateway/testing/scripted-server.js';
import { GraphQLEndpoint } from './graphql-endpoint.js';
import { patiently } from './patience.js';

const spent = { errors: [{ message: 'Wait 1 s.', extensions: { code: 'TOO_MUCH' } }] };

let server: ScriptedServer;
let endpoint: GraphQLEndpoint;
beforeEach(async () => {
  server = await ScriptedServer.open();
  endpoint = new GraphQLEndpoint(server.url, 1, '');
});
afterEach(async () => {
  await endpoint.close();
  await server.close();
});

const ask = () =>
  patiently(new AbortController().signal, () =>
    endpoint.ask<{ done: boolean }>(() => Promise.resolve('token'), '{ done }', {}),
  );

test('who has spent his minute waits as long as the hub says, and goes on', async () => {
  const asked = ask();
  const [first] = await server.received(1);
  const since = performance.now();
  first!.respond(spent, 429, { 'retry-after': '1' });
  const [, second] = await server.received(2);
  expect(performance.now() - since).toBeGreaterThan(950);
  second!.respond({ data: { done: true } });
  expect(await asked).toEqual({ done: true });
});

test('what is refused for good is not asked again', async () => {
  const asked = ask();
  const [first] = await server.received(1);
  first!.respond(spent, 400);
  await expect(asked).rejects.toThrow('The hub refused the call: Wait 1 s.');
  expect(server.sent).toHaveLength(1);
});
