import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { composeServices } from '@apollo/composition';
import { createClient, type Client } from 'graphql-ws';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { issueDevelopmentToken } from '../../shared/identity/development-issuer.js';
import { startGateway, type Gateway, type GatewaySettings } from '../gateway.js';
import { catalog } from './catalog.js';
import { social } from './social.js';
import { TestSubgraph } from './subgraph.js';
import { warehouse } from './warehouse.js';

export interface HubResponse {
  status: number;
  data?: Record<string, any> | null;
  errors?: { message: string; path?: unknown[]; extensions: Record<string, any> }[];
}

export interface RequestedToken {
  role?: string;
  areas?: string[];
  ttl?: number;
  audience?: string;
  subject?: string;
}

/** A hub of three small subgraphs behind a real gateway, and a client of it. */
export class Shop {
  readonly catalog = catalog();
  readonly social = social();
  readonly warehouse = warehouse();
  readonly subgraphs: Record<'catalog' | 'social' | 'warehouse', TestSubgraph>;
  readonly dataFolder: string;
  /** Lines of the gateway's log. */
  readonly log: string[] = [];
  gateway!: Gateway;
  #clients: Client[] = [];

  private constructor(dataFolder: string) {
    this.dataFolder = dataFolder;
    this.subgraphs = {
      catalog: new TestSubgraph(this.catalog.definition, dataFolder),
      social: new TestSubgraph(this.social.definition, dataFolder),
      warehouse: new TestSubgraph(this.warehouse.definition, dataFolder),
    };
  }

  static async open(settings: Partial<GatewaySettings> = {}): Promise<Shop> {
    const shop = new Shop(await mkdtemp(join(tmpdir(), 'vierblatt-gateway-')));
    const subgraphs = Object.values(shop.subgraphs);
    for (const subgraph of subgraphs) await subgraph.start();
    const lines = new Writable({
      write: (line: Buffer, _encoding, done) => {
        shop.log.push(String(line));
        done();
      },
    });
    shop.gateway = await startGateway(
      {
        host: '127.0.0.1',
        port: 0,
        dataFolder: shop.dataFolder,
        oidcIssuer: undefined,
        oidcAudience: 'vierblatt',
        subgraphUrl: Object.fromEntries(subgraphs.map(({ name, url }) => [name, url])),
        ...settings,
      },
      shop.supergraph,
      pino(lines),
    );
    return shop;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.dispose();
    await this.gateway.close();
    for (const subgraph of Object.values(this.subgraphs)) await subgraph.kill();
    await rm(this.dataFolder, { recursive: true });
  }

  /** Opens a WebSocket without a client, for tests that write the messages of the protocol themselves. */
  socket(): WebSocket {
    return new WebSocket(
      `${this.gateway.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
  }

  /** How many subscribers the gateway has. */
  subscribers(): number {
    return this.gateway.subscriptions.count().subscribers;
  }

  /** How many groups of subscribers share an upstream subscription. */
  groups(): number {
    return this.gateway.subscriptions.count().groups;
  }

  token({
    role = 'crisis-staff',
    areas = ['05'],
    ttl = 60,
    audience = 'vierblatt',
    subject,
  }: RequestedToken = {}) {
    return issueDevelopmentToken(this.dataFolder, audience, {
      role,
      areas,
      facilities: [],
      ttl,
      subject,
    });
  }

  /** Over HTTP; with a token unless `authorization` says otherwise. */
  async request(
    query: string,
    variables?: object,
    authorization?: string | null,
  ): Promise<HubResponse> {
    const header = authorization === undefined ? `Bearer ${await this.token()}` : authorization;
    const response = await fetch(`${this.gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(header === null ? {} : { authorization: header }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  /** Over a WebSocket of its own. */
  async client(requested: RequestedToken = {}): Promise<Client> {
    const token = await this.token(requested);
    const client = createClient({
      url: `${this.gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    this.#clients.push(client);
    return client;
  }

  /** The committed one. */
  get supergraph(): string {
    const services = [this.catalog.definition, this.social.definition, this.warehouse.definition];
    // The addresses are wrong on purpose: those of the settings are to be used.
    const { supergraphSdl, errors } = composeServices(
      services.map(({ name, typeDefs }) => ({ name, typeDefs, url: 'http://127.0.0.1:9/graphql' })),
    );
    if (!supergraphSdl) throw new AggregateError(errors ?? [], 'the test subgraphs do not compose');
    return supergraphSdl;
  }
}
