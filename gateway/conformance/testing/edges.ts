import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
import { pino } from 'pino';
import type { ConnectionTimeouts } from '../../../shared/connection-timeouts.js';
import { tokenMint, tokenVerifier } from '../../../shared/identity/internal-tokens.js';
import type { Outbox } from '../../../shared/outbox/outbox.js';
import { serveSubgraph } from '../../../shared/subgraph/serve.js';
import { Shop } from '../../testing/shop.js';

/** A service as an unknown client sees it: its name, its address, and the response it accepts. */
export interface Edge {
  origin: string;
  authorization: string;
  /** A query with status 200 for a client with the authorization. */
  query: string;
  /** A query whose response is larger than the socket buffers of a client that does not read. */
  largeQuery: string;
  close(): Promise<void>;
}

export const EDGES: readonly [
  name: string,
  open: (timeouts?: ConnectionTimeouts) => Promise<Edge>,
][] = [
  ['the gateway', openGateway],
  ['a subgraph', openSubgraph],
];

export const LARGE_BYTES = 24 * 1024 * 1024;
const LARGE = 'x'.repeat(LARGE_BYTES);

async function openGateway(timeouts?: ConnectionTimeouts): Promise<Edge> {
  const shop = await Shop.open({
    limits: { costPerMinute: 1e9, connectionsPerMinute: 1e6 },
    ...(timeouts && { timeouts }),
  });
  shop.catalog.film.title = LARGE;
  return {
    origin: shop.gateway.url,
    authorization: `Bearer ${await shop.token({ ttl: 600 })}`,
    query: '{ product(upc: "1") { name } }',
    largeQuery: '{ product(upc: "1") { media { title } } }',
    close: () => shop.close(),
  };
}

async function openSubgraph(timeouts?: ConnectionTimeouts): Promise<Edge> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-edge-'));
  const subgraph = await serveSubgraph(
    {
      name: 'wards',
      typeDefs: parse('type Query { beds(of: [String!]): Int note: String }'),
      resolvers: [{ Query: { beds: () => 4, note: () => LARGE } }],
      cursorField: '',
      context: (caller) => ({ caller, outbox: undefined as unknown as Outbox }),
    },
    {
      host: '127.0.0.1',
      port: 0,
      verify: tokenVerifier(dataFolder, 'wards', ['gateway']),
      log: pino({ level: 'silent' }),
      now: () => new Date(),
      ...(timeouts && { timeouts }),
    },
  );
  const mint = await tokenMint(dataFolder, 'gateway');
  const claims = { roles: [], scopes: [], areas: [], facilities: [], organisations: [] };
  return {
    origin: new URL(subgraph.url).origin,
    authorization: `Bearer ${await mint({ claims }, 'wards')}`,
    query: '{ beds }',
    largeQuery: '{ note }',
    async close() {
      await subgraph.close();
      await rm(dataFolder, { recursive: true });
    },
  };
}

/** A request whose answer shows that the edge still works. */
export async function responses({ origin, authorization, query }: Edge): Promise<boolean> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data?: unknown };
  return response.status === 200 && data !== undefined && data !== null;
}
