import {
  GraphQLClient,
  type GraphQLResponse,
  NoResponse,
  type TypedDocument,
} from '../graphql-client/index.js';
import { type MintToken, subgraphClaims } from '../identity/index.js';
import type { SubgraphName } from '../env.js';
import { currentSpan } from '../telemetry/index.js';

/** Time limit of a request, unless the caller sets another. A step that exceeds it is finished by the job loop. */
const TIMEOUT_MS = 5_000;
/** Requests in flight. Further ones wait here and not within the time limit: our own queue says nothing about the other service. */
const CONCURRENCY = 16;

/** Every document holds one operation, with its kind as the first word. */
const IS_MUTATION = /^\s*mutation\b/;

/** Error codes after which the same request may succeed: the subgraph is unavailable, overloaded, or the clocks differ. */
const TEMPORARY = new Set(['SERVICE_UNAVAILABLE', 'TOO_MUCH', 'UNAUTHENTICATED']);

/** The subgraph sent no usable response in time: whether it executed the operation is not known. */
export class SubgraphUnavailable extends Error {}

export interface SubgraphAddress {
  /** GraphQL endpoint of the subgraph. */
  url: string;
  /** Mints tokens in the name of the service that sends. */
  mint: MintToken;
}

interface RequestOptions {
  /** Pseudonym of the person for whom the service acts; undefined when it acts by itself. */
  actor?: string | undefined;
  timeoutMs?: number;
}

/** Sends operations to the GraphQL API of another subgraph with the rights of the hub's services, and names the person for whom it acts. */
export class SubgraphClient {
  readonly #name: SubgraphName;
  readonly #client: GraphQLClient;
  readonly #mint: MintToken;
  #inFlight = 0;
  #waiting: { start: () => void; fail: (error: SubgraphUnavailable) => void }[] = [];

  constructor(name: SubgraphName, { url, mint }: SubgraphAddress) {
    this.#name = name;
    this.#client = new GraphQLClient(url, CONCURRENCY);
    this.#mint = mint;
  }

  /** Returns the data of the response. Throws SubgraphUnavailable, and an error with the subgraph's message for a refused request. */
  async request<Data, Variables extends object>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    { actor, timeoutMs = TIMEOUT_MS }: RequestOptions = {},
  ): Promise<Data> {
    const token = await this.#mint(
      {
        claims: subgraphClaims(),
        ...(actor === undefined ? {} : { subject: actor }),
        ...(IS_MUTATION.test(document.toString()) ? { mayChange: true as const } : {}),
      },
      this.#name,
    );
    const { isGraphQL, data, errors, status } = await this.#traced((headers) =>
      this.#client.request(document, variables, { token, timeoutMs, headers }),
    );
    if (!isGraphQL) throw new SubgraphUnavailable(`no GraphQL response, but HTTP status ${status}`);
    const temporary = errors.find(({ code }) => TEMPORARY.has(code ?? ''));
    if (temporary) throw new SubgraphUnavailable(temporary.message);
    if (errors.length > 0 || data === undefined) {
      throw new Error(`${this.#name} refused the request: ${errors[0]?.message ?? 'no data'}`);
    }
    return data;
  }

  /** Waits for the requests in flight, then closes the connections. */
  close(): Promise<void> {
    return this.#client.close();
  }

  async #traced<Data>(
    send: (headers: Readonly<Record<string, string>> | undefined) => Promise<GraphQLResponse<Data>>,
  ): Promise<GraphQLResponse<Data>> {
    const span = currentSpan()?.begin(`request to ${this.#name}`, {}, 'client');
    try {
      return await this.#limited(() => send(span?.headers));
    } finally {
      span?.end();
    }
  }

  async #limited<Result>(send: () => Promise<Result>): Promise<Result> {
    if (this.#inFlight >= CONCURRENCY) await this.#slot();
    else this.#inFlight++;
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof NoResponse)) throw error;
      const unavailable = new SubgraphUnavailable(
        `${this.#name} did not respond: ${error.message}`,
        {
          cause: error,
        },
      );
      // Nobody listens, so every waiting request would be refused too, one after the other. A request that was slow or whose
      // connection broke says nothing about the next.
      if (error.isRefused) for (const { fail } of this.#waiting.splice(0)) fail(unavailable);
      throw unavailable;
    } finally {
      // The request that waits longest receives this one's slot directly, so that no later one overtakes it.
      const next = this.#waiting.shift();
      if (next) next.start();
      else this.#inFlight--;
    }
  }

  /** Waits for the slot of a request that ends. */
  #slot(): Promise<void> {
    return new Promise((start, fail) => this.#waiting.push({ start, fail }));
  }
}
