import {
  GraphQLClient,
  type GraphQLResponse,
  NoResponse,
  type TypedDocument,
} from '../../shared/graphql-client/index.js';
import { PlayerError } from './player-error.js';

/** The hub is unavailable, or accepts no more requests of this caller for the moment: the same request may succeed later. */
export class HubUnavailable extends PlayerError {
  /** Milliseconds that the hub asks to wait; 0 when it does not ask. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs = 0) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Returns a token that is valid for the next request. */
export type TokenSource = () => Promise<string>;

/** Sends operations to a hub and says in one line what went wrong. */
export class HubClient {
  readonly #client: GraphQLClient;
  readonly #url: string;
  readonly #advice: string;

  /** `advice` says what to do about a token that the hub does not accept. */
  constructor(url: string, connections: number, advice: string) {
    this.#url = new URL(url).href;
    this.#client = new GraphQLClient(url, connections);
    this.#advice = advice;
  }

  /** Returns the data of the response. Throws HubUnavailable when another attempt makes sense, otherwise PlayerError. */
  async request<Data, Variables extends object>(
    tokens: TokenSource,
    document: TypedDocument<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    const { status, data, errors, retryAfterMs } = await this.#send(tokens, document, variables);
    const [error] = errors;
    const code = error?.code;
    if (status >= 502 || code === 'SERVICE_UNAVAILABLE') {
      throw new HubUnavailable(`The hub is not available: ${error?.message ?? `status ${status}`}`);
    }
    if (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN') {
      throw new PlayerError(`The hub does not accept the token: ${error?.message} ${this.#advice}`);
    }
    // A limit that any such request exceeds is 400; everything else passes with the load.
    if (status === 429 || (code === 'TOO_MUCH' && status !== 400)) {
      throw new HubUnavailable(
        `The hub refused the request: ${error?.message ?? 'too many'}`,
        retryAfterMs,
      );
    }
    if (error) throw new PlayerError(`The hub refused the request: ${error.message}`);
    if (data === undefined) {
      throw new PlayerError(
        `${this.#url} answered with status ${status} and no GraphQL result. Check --url.`,
      );
    }
    return data;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #send<Data, Variables extends object>(
    tokens: TokenSource,
    document: TypedDocument<Data, Variables>,
    variables: Variables,
  ): Promise<GraphQLResponse<Data>> {
    const token = await tokens();
    try {
      return await this.#client.request(document, variables, { token });
    } catch (error) {
      if (!(error instanceof NoResponse)) throw error;
      throw new HubUnavailable(
        `No hub answers at ${this.#url}: start it with npm start, or name another with --url.`,
      );
    }
  }
}
