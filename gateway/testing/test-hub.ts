import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { issueDevelopmentToken } from '../../shared/identity/development-issuer.js';
import { startGateway, type Gateway } from '../gateway.js';
import { composed } from './hospital.js';
import type { HubResponse } from './shop.js';
import { TestSubgraph, type SubgraphDefinition } from './subgraph.js';

/** A real gateway over any test subgraphs. */
export class TestHub {
  readonly #dataFolder: string;
  readonly #subgraphs: readonly TestSubgraph[];
  #gateway: Gateway | undefined;

  private constructor(dataFolder: string, definitions: readonly SubgraphDefinition[]) {
    this.#dataFolder = dataFolder;
    this.#subgraphs = definitions.map((definition) => new TestSubgraph(definition, dataFolder));
  }

  /** Throws when the gateway does not start. */
  static async open(definitions: SubgraphDefinition[]): Promise<TestHub> {
    const hub = new TestHub(await mkdtemp(join(tmpdir(), 'vierblatt-hub-of-')), definitions);
    try {
      await hub.#start(composed(definitions));
    } catch (error) {
      await hub.close();
      throw error;
    }
    return hub;
  }

  async #start(supergraph: string): Promise<void> {
    for (const subgraph of this.#subgraphs) await subgraph.start();
    this.#gateway = await startGateway(
      {
        host: '127.0.0.1',
        port: 0,
        dataFolder: this.#dataFolder,
        oidcIssuer: undefined,
        oidcAudience: 'vierblatt',
        subgraphUrl: Object.fromEntries(this.#subgraphs.map(({ name, url }) => [name, url])),
      },
      supergraph,
      pino({ enabled: false }),
    );
  }

  async close(): Promise<void> {
    await this.#gateway?.close();
    for (const subgraph of this.#subgraphs) await subgraph.kill();
    await rm(this.#dataFolder, { recursive: true, force: true });
  }

  /** How many requests all subgraphs together were sent. */
  get requests(): number {
    return this.#subgraphs.reduce((sum, { requests }) => sum + requests.length, 0);
  }

  async request(query: string, variables: object = {}): Promise<HubResponse> {
    const identity = { role: 'crisis-staff', areas: ['05'], facilities: [], ttl: 600 };
    const token = await issueDevelopmentToken(this.#dataFolder, 'vierblatt', identity);
    const response = await fetch(`${this.#gateway!.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }
}
