import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { pino } from 'pino';
import { issueDevelopmentToken } from '../../../shared/identity/development-issuer.js';
import { tokenMint, tokenVerifier } from '../../../shared/identity/internal-tokens.js';
import type { Outbox } from '../../../shared/outbox/outbox.js';
import { serveSubgraph } from '../../../shared/subgraph/serve.js';
import { startGateway } from '../../gateway.js';
import {
  NEIGHBOURS,
  neighbourSchema,
  PRODUCTS,
  type Endpoint,
  type Neighbour,
} from './compatibility-suite.js';
import { productsResolvers } from './products.js';

/** The subgraph under test behind a gateway, with everything the suite's requests need to get there. */
export interface Side {
  products: Endpoint;
  gateway: Endpoint;
  close(): Promise<void>;
}

export type NeighbourUrls = Readonly<Record<Neighbour, string>>;

const log = pino({ level: 'silent' });
const AUDIENCE = 'vierblatt';
const HERE = { host: '127.0.0.1', port: 0 };

/** The server, the subgraph library and the gateway of Apollo, as its documentation starts them. */
export async function stockSide(neighbours: NeighbourUrls): Promise<Side> {
  const schema = buildSubgraphSchema({
    typeDefs: PRODUCTS,
    resolvers: productsResolvers,
  });
  const subgraph = new ApolloServer({ schema, logger: log });
  const products = {
    url: (await startStandaloneServer(subgraph, { listen: HERE })).url,
    headers: {},
  };
  const supergraphSdl = await supergraph(products, neighbours);
  const server = new ApolloServer({
    gateway: new ApolloGateway({ supergraphSdl, logger: log }),
    logger: log,
  });
  const { url } = await startStandaloneServer(server, { listen: HERE });
  return {
    products,
    gateway: { url, headers: {} },
    async close() {
      await server.stop();
      await subgraph.stop();
    },
  };
}

/** The servers of the subgraphs of this hub, and its gateway. The suite's requests to the subgraph go as the gateway's. */
export async function ourSide(neighbours: NeighbourUrls): Promise<Side> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-compatibility-'));
  const mint = await tokenMint(dataFolder, 'gateway');
  const subgraph = await serveSubgraph(
    {
      name: 'products',
      typeDefs: PRODUCTS,
      resolvers: [productsResolvers],
      // The suite knows no stream of changes, so nobody asks where it stands.
      cursorField: '',
      context: (caller) => ({ caller, outbox: undefined as unknown as Outbox }),
    },
    {
      ...HERE,
      verify: tokenVerifier(dataFolder, 'products', ['gateway']),
      log,
      now: () => new Date(),
    },
  );
  const claims = { roles: [], scopes: [], areas: [], facilities: [], organisations: [] };
  const authorization = `Bearer ${await mint({ claims }, 'products')}`;
  const products = { url: subgraph.url, headers: { authorization } };
  const gateway = await startGateway(
    {
      ...HERE,
      dataFolder,
      oidcIssuer: undefined,
      oidcAudience: AUDIENCE,
      subgraphUrl: { ...neighbours, products: products.url },
      // They take no lists.
      subgraphBatchSize: Object.fromEntries(NEIGHBOURS.map((name) => [name, 1])),
      sandbox: false,
    },
    await supergraph(products, neighbours),
    log,
  );
  const token = await issueDevelopmentToken(dataFolder, AUDIENCE, {
    ...claims,
    role: '',
    ttl: 600,
  });
  return {
    products,
    gateway: { url: `${gateway.url}/graphql`, headers: { authorization: `Bearer ${token}` } },
    async close() {
      await gateway.close();
      await subgraph.close();
      await rm(dataFolder, { recursive: true });
    },
  };
}

/** Composed from what the subgraph under test says of itself. */
async function supergraph({ url, headers }: Endpoint, neighbours: NeighbourUrls): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data } = (await response.json()) as { data: { _service: { sdl: string } } };
  const { supergraphSdl, errors } = composeServices([
    { name: 'products', url, typeDefs: parse(data._service.sdl) },
    ...NEIGHBOURS.map((name) => ({
      name,
      url: neighbours[name],
      typeDefs: neighbourSchema(name),
    })),
  ]);
  if (!supergraphSdl) throw new AggregateError(errors ?? [], 'the subgraphs do not compose');
  return supergraphSdl;
}
