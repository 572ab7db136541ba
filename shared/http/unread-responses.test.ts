import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { closeUnread } from './unread-responses.js';

const LIMIT_MS = 400;
const LARGE = Buffer.alloc(24 * 1024 * 1024, 'x');
const server = createServer((request, response) => {
  responses.push(response);
  response.write(request.url === '/large' ? LARGE : 'an event\n');
});
const responses: ServerResponse[] = [];
const clients: Socket[] = [];
closeUnread(server, LIMIT_MS);
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  for (const client of clients) client.destroy();
  server.close();
});

/** A client, and its response once it has begun. */
async function get(path: string): Promise<{ client: Socket; response: ServerResponse }> {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  clients.push(client);
  client.on('error', () => undefined);
  const requested = once(server, 'request');
  client.write(`GET ${path} HTTP/1.1\r\nHost: hub\r\n\r\n`);
  await requested;
  return { client, response: responses.at(-1)! };
}

test('a response that its client does not read is closed, a stream with nothing to send and one that is read are not', async () => {
  const idle = await get('/stream');
  const reading = await get('/large');
  reading.client.resume();
  const stuck = await get('/large');
  stuck.client.pause();
  const since = performance.now();

  await once(stuck.response, 'close');

  expect(performance.now() - since).toBeGreaterThanOrEqual(LIMIT_MS);
  expect(stuck.response.writableFinished).toBe(false);
  expect(idle.response.destroyed || reading.response.destroyed).toBe(false);
  // It counts from when something waits, not from the last that was sent.
  idle.client.on('data', () => undefined);
  await new Promise((resolve) => idle.response.write('another\n', resolve));
  expect(idle.client.destroyed).toBe(false);
});

test('a stream is closed once nothing more of it is read, however often something is added', async () => {
  const { client, response } = await get('/stream');
  client.pause();
  const adding = setInterval(() => response.write(LARGE.subarray(0, 2 * 1024 * 1024)), 20);
  await once(response, 'close');
  clearInterval(adding);
  expect(response.writableFinished).toBe(false);
});
