import { Pool } from 'undici';
import { NoResponse } from './no-response.js';
import { responseOf, type GraphQLResponse } from './response.js';
import type { TypedDocument } from './typed-document.js';

export interface RequestOptions {
  /** The bearer token of the caller. */
  token: string;
  /** Milliseconds until the request is given up; without it, the limits of the HTTP client hold. */
  timeoutMs?: number;
  /** Further headers, for example those of a trace. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Sends operations to one GraphQL endpoint over HTTP. It neither retries nor interprets errors: callers know what is safe. */
export class GraphQLClient {
  readonly #pool: Pool;
  readonly #path: string;

  /** `connections` limits the requests in flight; further ones wait in line. */
  constructor(url: string, connections: number) {
    const { origin, pathname, search } = new URL(url);
    this.#pool = new Pool(origin, { connections });
    this.#path = pathname + search;
  }

  /** Sends one operation and returns the response, whatever its status. Throws NoResponse. */
  async request<Data, Variables extends object>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    { token, timeoutMs, headers }: RequestOptions,
  ): Promise<GraphQLResponse<Data>> {
    try {
      const response = await this.#pool.request({
        method: 'POST',
        path: this.#path,
        headers: {
          ...headers,
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
        },
        body: JSON.stringify({ query: document.toString(), variables }),
        ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
      });
      const text = await response.body.text();
      return responseOf<Data>(response.statusCode, response.headers['retry-after'], text);
    } catch (error) {
      throw NoResponse.from(error);
    }
  }

  /** Waits for the requests in flight, then closes the connections. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
