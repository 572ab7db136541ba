import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { request } from 'undici';
import { importFirstDay } from '../demo/replay/first-day.js';
import { projectPath } from '../shared/root.js';
import { startHub, type RunningHub } from './running-hub.js';

let hub: RunningHub;
/** A way to the hub on which calls fail as the test chooses. */
let way: Server;
let statusOf: (operation: string) => number | undefined = () => undefined;

beforeAll(async () => {
  hub = await startHub({ LOG_LEVEL: 'silent' });
  way = createServer((incoming, response) => void pass(incoming, response));
  await new Promise<void>((listening) => way.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  await new Promise((closed) => way.close(closed));
  await hub.stop();
});

async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(incoming);
  const status = statusOf(/(query|mutation) (\w+)/.exec(body)?.[2] ?? '');
  if (status !== undefined) {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ message: 'made to fail' }] }));
    return;
  }
  const received = await request(hub.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: incoming.headers.authorization ?? '',
    },
    body,
  });
  response.writeHead(received.statusCode, { 'content-type': 'application/json' });
  response.end(await received.body.text());
}

const importThroughWay = () =>
  importFirstDay({
    gatewayUrl: `http://127.0.0.1:${(way.address() as AddressInfo).port}/graphql`,
    dataFolder: hub.environment['VIERBLATT_DATA']!,
    audience: 'vierblatt',
    progress: () => undefined,
  });

interface Facility {
  traumaLevel: string | null;
  beds: { operable: number | null }[];
}

/** The facilities that report intensive care in Germany, and whether Cologne has trauma centres. */
async function situation() {
  const { body } = await request(hub.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await hub.token()}`,
    },
    body: JSON.stringify({
      query: `{ region(code: "DE") { beds(category: ICU_UNSPECIFIED) { facilities operable } }
        facilities(first: 500, filter: { area: "05315" }) { nodes { traumaLevel } } }`,
    }),
  });
  const { data } = (await body.json()) as {
    data: {
      region: { beds: { operable: number | null }[] };
      facilities: { nodes: Facility[] };
    };
  };
  return {
    operable: data.region.beds[0]?.operable ?? null,
    hasCentres: data.facilities.nodes.some(({ traumaLevel }) => traumaLevel !== null),
  };
}

test('each call of the first day is tried again while the hub does not take it', async () => {
  expect(await situation()).toEqual({ operable: null, hasCentres: false });
  const tries = new Map<string, number>();
  statusOf = (operation) => {
    if (operation === 'ReplayDeclarations') return 400; // and this one for good
    const count = (tries.get(operation) ?? 0) + 1;
    tries.set(operation, count);
    return count <= 2 ? 503 : undefined;
  };
  await expect(importThroughWay()).rejects.toThrow('made to fail');
  expect([...tries.keys()].sort()).toEqual([
    'ReplayFacilities',
    'ReplayKreise',
    'ReplayOwnReports',
    'ReplayReports',
    'ReplayState',
  ]);
  expect(await situation()).toMatchObject({ hasCentres: false });
  expect((await situation()).operable).toBeGreaterThan(20_000);
});

test('a replay declares the trauma centres that the first start did not come to', async () => {
  const replay = spawn(
    process.execPath,
    [projectPath('demo/replay/replay.mjs'), '--from', '2020-10-02', '--to', '2020-10-02'],
    { env: hub.environment, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(replay, 'exit');
  expect(await text(replay.stdout)).toMatch(/^\d+ modelled trauma centres are declared\.$/m);
  expect(await ended).toEqual([0, null]);
  expect(await situation()).toMatchObject({ hasCentres: true });
});

test('a hub that has everything is given nothing a second time', async () => {
  statusOf = () => undefined;
  const before = await situation();
  expect(await importThroughWay()).toEqual({ accepted: 0, refusals: [] });
  expect(await situation()).toEqual(before);
});
