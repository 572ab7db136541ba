import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { declarationsOf } from './capability-declarations.js';
import { Hub, type CapacityReport } from './hub.js';
import { PlayerError } from '../client/player-error.js';

interface Call {
  authorization: string | undefined;
  query: string;
  variables: { after?: string | null; input?: { reports: CapacityReport[] } };
}

type Respond = (call: Call, number: number) => { status?: number; body: unknown };

let server: Server;
let hub: Hub;
let calls: Call[];
let respond: Respond;

/** Serves the hub's public API over a real socket; each test sets the responses. */
beforeEach(async () => {
  calls = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = { ...JSON.parse(body), authorization: request.headers.authorization } as Call;
      const { status = 200, body: content } = respond(call, calls.push(call));
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof content === 'string' ? content : JSON.stringify(content));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  hub = new Hub(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async () => 'the-token',
  );
});
afterEach(async () => {
  await hub.close();
  await new Promise((closed) => server.close(closed));
});

const report = (facility: string): CapacityReport => ({
  facility,
  category: 'ICU_UNSPECIFIED',
  operable: 3,
  occupied: 2,
  blocked: 0,
  status: 'AVAILABLE',
  limitations: [],
  source: 'DIVI-Intensivregister 2020-10-01',
  method: 'MODELLED',
  observedAt: '2020-10-01T10:00:00.000Z',
});
const reports = (count: number) => Array.from({ length: count }, (_, index) => report(`f${index}`));
const outcomesFor = (
  call: Call,
  outcome: (facility: string) => object = () => ({ __typename: 'Facility' }),
) => ({
  body: {
    data: {
      reportCapacities: {
        outcomes: call.variables.input!.reports.map(({ facility }) => outcome(facility)),
      },
    },
  },
});

test('the client reads all facilities page by page, with its token', async () => {
  const sites = ['a', 'b', 'c'].map((id) => ({
    id,
    siteNumber: null,
    kind: 'HOSPITAL',
    area: '01001',
    capabilities: ['HELIPAD'],
  }));
  respond = ({ variables: { after } }) => {
    const start = Number(after ?? 0);
    const pageInfo = { hasNextPage: start < 2, endCursor: String(start + 1) };
    return { body: { data: { facilities: { nodes: [sites[start]], pageInfo } } } };
  };
  expect(await hub.facilities()).toEqual(sites);
  expect(calls.map(({ authorization }) => authorization)).toEqual(
    Array(3).fill('Bearer the-token'),
  );
});

test('the client sends at most 1,000 reports in a request, each report once', async () => {
  respond = (call) => outcomesFor(call);
  expect(await hub.report(reports(2345))).toEqual([]);
  const sent = calls.map(({ variables }) =>
    variables.input!.reports.map(({ facility }) => facility),
  );
  expect(sent.map(({ length }) => length).sort()).toEqual([1000, 1000, 345]);
  expect(new Set(sent.flat()).size).toBe(2345);
});

test('the client returns the message of every refused report', async () => {
  respond = (call) =>
    outcomesFor(call, (facility) =>
      facility === 'f1'
        ? { __typename: 'UnknownFacility', message: 'No facility f1.' }
        : { __typename: 'Facility' },
    );
  expect(await hub.report(reports(3))).toEqual(['No facility f1.']);
});

test('the client repeats a request while the hub is unavailable for a moment', async () => {
  const unavailable = {
    errors: [{ message: 'capacity is unavailable', extensions: { code: 'SERVICE_UNAVAILABLE' } }],
  };
  respond = (call, number) => (number === 1 ? { body: unavailable } : outcomesFor(call));
  expect(await hub.report(reports(2))).toEqual([]);
  expect(calls).toHaveLength(2);
  expect(calls[1]!.variables).toEqual(calls[0]!.variables);
});

test('the client sends each declaration once, at most 40 in a request', async () => {
  const unavailable = {
    errors: [{ message: 'capacity is unavailable', extensions: { code: 'SERVICE_UNAVAILABLE' } }],
  };
  const declarations = declarationsOf(
    Array.from({ length: 90 }, (_, n) => ({
      facility: `f${n}`,
      traumaLevel: 'LOCAL' as const,
      capabilities: [],
    })),
  );
  const outcomeOf = (facility: string) =>
    facility === 'f7'
      ? { __typename: 'UnknownFacility', message: 'No facility f7.' }
      : { __typename: 'Facility' };
  const inputs = ({ variables }: Call) => Object.entries(variables) as [string, any][];
  respond = (call, number) => {
    const outcomes = inputs(call).map(([name, { facility }]) => [name, outcomeOf(facility)]);
    return { body: number === 1 ? unavailable : { data: Object.fromEntries(outcomes) } };
  };
  expect(await hub.declare(declarations)).toEqual(['No facility f7.']);
  const repeated = calls.slice(1).map(inputs);
  expect(repeated.map(({ length }) => length).sort()).toEqual([10, 40, 40]);
  const declared = repeated.flat().map(([, { idempotencyKey }]) => idempotencyKey);
  expect(new Set(declared).size).toBe(90);
  for (const call of calls) {
    for (const [name] of inputs(call))
      expect(call.query).toContain(`declareCapabilities(input: $${name})`);
  }
});

test.each<[string, Respond, RegExp]>([
  [
    'a token that is not accepted',
    () => ({
      body: { errors: [{ message: 'Expired.', extensions: { code: 'UNAUTHENTICATED' } }] },
    }),
    /^The hub does not accept the token: Expired\. Give another with --token\.$/,
  ],
  [
    'a response of a server that is not a hub',
    () => ({ status: 404, body: '<html>' }),
    /answered with status 404 and no GraphQL result\. Check --url\.$/,
  ],
  [
    'any other error',
    () => ({ status: 400, body: { errors: [{ message: 'Cannot query field "x".' }] } }),
    /^The hub refused the request: Cannot query field "x"\.$/,
  ],
])('the client reports %s in one line', async (_, response, message) => {
  respond = response;
  const error = await hub.facilities().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PlayerError);
  expect((error as Error).message).toMatch(message);
});

test('the client says how to start the hub when none answers', async () => {
  const nobody = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => nobody.once('listening', listening));
  const { port } = nobody.address() as AddressInfo;
  await new Promise((closed) => nobody.close(closed));
  const unreachable = new Hub(`http://127.0.0.1:${port}/graphql`, async () => 'the-token');
  await expect(unreachable.facilities()).rejects.toThrow(
    /^No hub answers at .*: start it with npm start/,
  );
  await unreachable.close();
});
