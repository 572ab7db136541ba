import { jest } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parse, type DocumentNode } from 'graphql';
import { inheritedEnvironment } from '../../../tests/environment.js';
import { freePort } from '../../../start/host/free-port.js';

const require = createRequire(import.meta.url);

/**
 * The suite's tests and subgraphs run here, its runner does not. The runner alone needs a process manager and a program
 * that downloads a gateway, is not installed: see `overrides` in package.json.
 */
const suite = dirname(
  require.resolve('@apollo/federation-subgraph-compatibility-tests/package.json'),
);

/** The subject of the suite: a subgraph with this schema, which the suite describes and each project builds itself. */
export const PRODUCTS = schemaIn('products.graphql');

/** The suite's own subgraphs, next to which the one under test has to hold. */
export const NEIGHBOURS = ['users', 'inventory'] as const;
export type Neighbour = (typeof NEIGHBOURS)[number];

type SendRequest = (
  request: object,
  headers?: Readonly<Record<string, string>>,
) => Promise<unknown>;

/** The suite's own client: it takes any address, but its tests go to fixed ones and carry no token. */
interface Client {
  graphqlRequest(url: string, ...request: Parameters<SendRequest>): Promise<unknown>;
  productsRequest: SendRequest;
  routerRequest: SendRequest;
}

export interface Endpoint {
  url: string;
  headers: Readonly<Record<string, string>>;
}

const testFiles = readdirSync(join(suite, 'dist', 'tests')).filter((file) =>
  file.endsWith('.test.js'),
);

/** Makes the suite's tests part of the block this is called in. The servers may start after that. */
export function defineCompatibilityTests(products: () => Endpoint, gateway: () => Endpoint): void {
  // Loaded again each time: a module that is loaded already defines no tests a second time.
  jest.isolateModules(() => {
    const client = require(join(suite, 'dist', 'utils', 'client.js')) as Client;
    const requester =
      (endpoint: () => Endpoint): SendRequest =>
      (request, headers) =>
        client.graphqlRequest(endpoint().url, request, { ...headers, ...endpoint().headers });
    client.productsRequest = requester(products);
    client.routerRequest = requester(gateway);
    for (const file of testFiles) require(join(suite, 'dist', 'tests', file));
  });
}

export function neighbourSchema(name: Neighbour): DocumentNode {
  return schemaIn('dist', 'subgraphs', name, `${name}.graphql`);
}

export interface RunningNeighbour {
  url: string;
  stop(): Promise<void>;
}

/** A process, as the suite has packed it. */
export async function startNeighbour(name: Neighbour): Promise<RunningNeighbour> {
  const port = await freePort();
  const child = fork(join(suite, 'dist', 'subgraphs', name, 'index.js'), {
    env: inheritedEnvironment({ [`${name.toUpperCase()}_PORT`]: String(port) }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exit = once(child, 'exit');
  const early = exit.then(() => Promise.reject(new Error(`${name} ended before it was ready.`)));
  await Promise.race([once(child, 'message'), early]);
  return {
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      child.kill();
      await exit;
    },
  };
}

function schemaIn(...path: string[]): DocumentNode {
  return parse(readFileSync(join(suite, ...path), 'utf8'));
}
