import type { SubgraphResponse } from '../core/index.js';
import type { HttpResponse } from './subgraph-connections.js';

/** One response for one or several requesters. */
export class SharedResponse {
  /** Errors of every copy. */
  readonly errors: SubgraphResponse['errors'];
  readonly #read: () => SubgraphResponse;
  #first: SubgraphResponse | undefined;

  /** `read` makes another copy of the same response; it is called for the second requester. */
  constructor(first: SubgraphResponse, read: () => SubgraphResponse) {
    this.errors = first.errors;
    this.#first = first;
    this.#read = read;
  }

  /** Returns a copy of the requester's own each time, because the requester changes it. */
  copy(): SubgraphResponse {
    const first = this.#first ?? this.#read();
    this.#first = undefined;
    return first;
  }

  /** Returns the response with other errors. */
  withErrors(errors: NonNullable<SubgraphResponse['errors']>): SharedResponse {
    const copy = () => ({ ...this.copy(), errors });
    return new SharedResponse(copy(), copy);
  }
}

/** Throws when the body is no response of a GraphQL server. */
export function parseResponse({ status, text }: HttpResponse): SharedResponse {
  const response = parsed(text);
  if (!isResponse(response) || (status >= 400 && !response.errors)) {
    throw unexpected('a GraphQL response', status, text);
  }
  return new SharedResponse(response, () => JSON.parse(text) as SubgraphResponse);
}

/** A response that is no list with one GraphQL response for each request of a batch. */
export class UnexpectedBatchResponse extends Error {
  readonly status: number;

  constructor(expected: string, { status, text }: HttpResponse) {
    super(unexpected(expected, status, text).message);
    this.status = status;
  }
}

/**
 * The responses to the requests of a batch. Each is judged by itself: one refused request gives the whole batch its status.
 * Throws UnexpectedBatchResponse.
 */
export function parseBatch(response: HttpResponse, count: number): SharedResponse[] {
  const { text } = response;
  const responses = parsed(text);
  if (!Array.isArray(responses) || responses.length !== count) {
    throw new UnexpectedBatchResponse(`${count} GraphQL responses`, response);
  }
  // Serialised again only when two requesters share a response; the first one changes its copy.
  let texts: string[] | undefined;
  const textOf = (index: number) => {
    texts ??= (JSON.parse(text) as SubgraphResponse[]).map((one) => JSON.stringify(one));
    return texts[index]!;
  };
  return responses.map((one: unknown, index) => {
    if (!isResponse(one)) throw new UnexpectedBatchResponse('only GraphQL responses', response);
    return new SharedResponse(one, () => JSON.parse(textOf(index)) as SubgraphResponse);
  });
}

function isResponse(value: unknown): value is SubgraphResponse {
  if (typeof value !== 'object' || value === null) return false;
  return 'data' in value || ('errors' in value && Array.isArray(value.errors));
}

function unexpected(expected: string, status: number, text: string): Error {
  return new Error(`expected ${expected}; got status ${status} and ${text.length} characters`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
