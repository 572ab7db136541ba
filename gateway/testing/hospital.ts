import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { createClient, type Client } from 'graphql-ws';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { issueDevelopmentToken } from '../../shared/identity/development-issuer.js';
import { startGateway, type Gateway } from '../gateway.js';
import type { HubResponse } from './shop.js';
import { TestSubgraph, type SubgraphDefinition } from './subgraph.js';
import { ward } from './ward.js';

/** The supergraph of subgraphs that never run. */
export function composed(definitions: Pick<SubgraphDefinition, 'name' | 'typeDefs'>[]): string {
  const { supergraphSdl, errors } = composeServices(
    definitions.map(({ name, typeDefs }) => ({ name, typeDefs, url: 'http://127.0.0.1:9' })),
  );
  if (!supergraphSdl) throw new AggregateError(errors ?? [], 'the test subgraphs do not compose');
  return supergraphSdl;
}

/** A hub in which most is not for everybody, behind a real gateway, and clients of all roles. */
export class Hospital {
  readonly ward = ward();
  readonly subgraphs: Record<'ward' | 'office', TestSubgraph>;
  readonly #dataFolder: string;
  readonly #clients: Client[] = [];
  #gateway!: Gateway;

  private constructor(dataFolder: string) {
    const { definitions } = this.ward;
    this.#dataFolder = dataFolder;
    this.subgraphs = {
      ward: new TestSubgraph(definitions.ward, dataFolder),
      office: new TestSubgraph(definitions.office, dataFolder),
    };
  }

  static async open(): Promise<Hospital> {
    const hospital = new Hospital(await mkdtemp(join(tmpdir(), 'vierblatt-rights-')));
    const subgraphs = Object.values(hospital.subgraphs);
    for (const subgraph of subgraphs) await subgraph.start();
    hospital.#gateway = await startGateway(
      {
        host: '127.0.0.1',
        port: 0,
        dataFolder: hospital.#dataFolder,
        oidcIssuer: undefined,
        oidcAudience: 'vierblatt',
        subgraphUrl: Object.fromEntries(subgraphs.map(({ name, url }) => [name, url])),
        rateLimitCostPerMinute: 10_000_000,
      },
      composed(Object.values(hospital.ward.definitions)),
      pino({ enabled: false }),
    );
    return hospital;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.dispose();
    await this.#gateway.close();
    for (const subgraph of Object.values(this.subgraphs)) await subgraph.kill();
    await rm(this.#dataFolder, { recursive: true });
  }

  get subscriptions(): Gateway['subscriptions'] {
    return this.#gateway.subscriptions;
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.#gateway.url}/metrics`)).text();
  }

  /** Requests to the subgraphs over HTTP since the last call. */
  requests(): string[] {
    return Object.values(this.subgraphs).flatMap(({ name, requests }) =>
      requests.splice(0).map(({ query }) => `${name}: ${query.replace(/\s+/g, ' ')}`),
    );
  }

  async authorization(role: string, areas: string[] = ['05']): Promise<string> {
    const identity = { role, areas, facilities: [], ttl: 600 };
    return `Bearer ${await issueDevelopmentToken(this.#dataFolder, 'vierblatt', identity)}`;
  }

  /** Without an authorization as nobody. */
  async request(
    authorization: string | undefined,
    query: string,
    variables: object = {},
    operationName?: string,
  ): Promise<HubResponse> {
    const response = await fetch(`${this.#gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: JSON.stringify({ query, variables, operationName }),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  /** Over Server-Sent Events, one stream for the operation; ends when the gateway ends it. */
  async stream(authorization: string, query: string): Promise<string> {
    const response = await fetch(`${this.#gateway.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization,
      },
      body: JSON.stringify({ query }),
    });
    return response.text();
  }

  client(authorization: string): Client {
    const client = createClient({
      url: `${this.#gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
      retryAttempts: 0,
    });
    this.#clients.push(client);
    return client;
  }
}
