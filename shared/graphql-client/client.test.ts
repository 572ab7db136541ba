import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ScriptedServer } from '../../gateway/testing/scripted-server.js';
import { GraphQLClient } from './client.js';
import { NoResponse } from './no-response.js';
import type { TypedDocument } from './typed-document.js';

const BED: TypedDocument<{ bed: { free: number } }, { id: string }> = {
  toString: () => 'query ($id: ID!) { bed(id: $id) { free } }',
};

let server: ScriptedServer;
let client: GraphQLClient;
beforeEach(async () => {
  server = await ScriptedServer.open();
  client = new GraphQLClient(server.url, 2);
});
afterEach(async () => {
  await client.close();
  await server.close();
});

const request = (options: { timeoutMs?: number; headers?: Record<string, string> } = {}) =>
  client.request(BED, { id: 'a' }, { token: 'the-token', ...options });

test('a request carries the text, the variables, the token and the headers of the caller', async () => {
  const response = request({ headers: { traceparent: '00-1' } });
  const [sent] = await server.received(1);
  expect(sent!.body).toEqual({ query: String(BED), variables: { id: 'a' } });
  expect(sent!.headers).toMatchObject({
    authorization: 'Bearer the-token',
    traceparent: '00-1',
    'content-type': 'application/json',
  });
  sent!.respond({ data: { bed: { free: 3 } } });
  expect(await response).toEqual({
    status: 200,
    isGraphQL: true,
    retryAfterMs: 0,
    data: { bed: { free: 3 } },
    errors: [],
  });
});

test('errors are returned with their codes, and the time that the server asks to wait', async () => {
  const response = request();
  const [sent] = await server.received(1);
  const errors = [{ message: 'Wait.', extensions: { code: 'TOO_MUCH' } }, { message: 'Also.' }];
  sent!.respond({ data: null, errors }, 429, { 'retry-after': '2' });
  expect(await response).toEqual({
    status: 429,
    isGraphQL: true,
    retryAfterMs: 2_000,
    data: undefined,
    errors: [
      { message: 'Wait.', code: 'TOO_MUCH' },
      { message: 'Also.', code: undefined },
    ],
  });
});

test.each(['<html>', '"text"', 'null'])('the body %s is no GraphQL response', async (body) => {
  const response = request();
  const [sent] = await server.received(1);
  sent!.page(body, 502);
  expect(await response).toMatchObject({ status: 502, isGraphQL: false, data: undefined });
});

test('a connection that breaks before the response leaves open whether the operation ran', async () => {
  const response = request();
  const [sent] = await server.received(1);
  sent!.breakOff();
  const error = await response.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NoResponse);
  expect(error).toMatchObject({ isRefused: false });
});

test('a response that comes after the time limit is no response', async () => {
  const error = await request({ timeoutMs: 50 }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NoResponse);
  expect(error).toMatchObject({ isRefused: false });
});

test('a refused connection says that the operation did not run', async () => {
  const nobody = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => nobody.once('listening', listening));
  const { port } = nobody.address() as AddressInfo;
  await new Promise((closed) => nobody.close(closed));
  const unreachable = new GraphQLClient(`http://127.0.0.1:${port}/graphql`, 1);
  const error = await unreachable
    .request(BED, { id: 'a' }, { token: '' })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NoResponse);
  expect(error).toMatchObject({ isRefused: true });
  await unreachable.close();
});

test('no more requests are in flight than the client has connections', async () => {
  const responses = [request(), request(), request()];
  const [first, second] = await server.received(2);
  expect(server.sent).toHaveLength(2);
  first!.respond({ data: { bed: { free: 1 } } });
  await responses[0];
  const [, , third] = await server.received(3);
  for (const sent of [second!, third!]) sent.respond({ data: { bed: { free: 1 } } });
  expect(await Promise.all(responses)).toHaveLength(3);
});
