import type { GraphQLDataSource } from '@apollo/gateway';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { Pool } from 'undici';
import type { InternalIdentity, MintToken } from '../../shared/identity/internal-tokens.js';
import { outage } from '../faults/outage.js';
import { showSubgraphErrors } from '../faults/subgraph-errors.js';

/** Enough for a crisis, few enough that a slow subgraph is not buried under what waits for it. */
const MOST_CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 2_000;
const IDLE_CONNECTION_MS = 30_000;

export interface SubgraphSourceOptions {
  name: string;
  /** From the settings; the address in the supergraph is never used. */
  url: string;
  mint: MintToken;
  log: Logger;
  /** From the wish to ask until the last byte of the answer, waiting for a free connection included. */
  timeoutMs: number;
}

interface SubgraphQuestion {
  request: { query?: string; variables?: Record<string, unknown>; operationName?: string };
  context: { identity?: InternalIdentity };
}

interface SubgraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: GraphQLFormattedError[];
}

type GatewayResponse = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** Asks one subgraph over HTTP in the name of the caller's claim set. */
export class SubgraphSource implements GraphQLDataSource {
  readonly #options: SubgraphSourceOptions;
  readonly #pool: Pool;
  readonly #path: string;

  constructor(options: SubgraphSourceOptions) {
    const { origin, pathname, search } = new URL(options.url);
    this.#options = options;
    this.#path = pathname + search;
    this.#pool = new Pool(origin, {
      connections: MOST_CONNECTIONS,
      keepAliveTimeout: IDLE_CONNECTION_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
    });
  }

  // Every caller gets an answer parsed for it alone: the plan executor merges into what it is given.
  async process({ request, context }: SubgraphQuestion): Promise<SubgraphAnswer & GatewayResponse> {
    const { name, log } = this.#options;
    const answer = await this.#ask(request, context.identity).catch((cause: unknown) => {
      throw outage(log, name, cause);
    });
    if (!answer.errors) return answer;
    const errors = showSubgraphErrors(log, name, answer.errors);
    return { ...answer, errors };
  }

  async #ask(
    { query = '', variables, operationName }: SubgraphQuestion['request'],
    identity: InternalIdentity | undefined,
  ): Promise<SubgraphAnswer> {
    const { name, mint, timeoutMs } = this.#options;
    if (!identity) throw new Error(`${name} was to be asked without an identity`);
    const token = await mint(isMutation(query) ? identity : { claims: identity.claims }, name);
    const { statusCode, body } = await this.#pool.request({
      method: 'POST',
      path: this.#path,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query, variables, operationName }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return readAnswer(await body.text(), statusCode);
  }

  /** Cuts what still runs; whoever wants it to finish waits before. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** The planner prints the operation type first. The human behind a call is told only to those who change something. */
function isMutation(query: string): boolean {
  return /^mutation\b/.test(query);
}

function readAnswer(text: string, status: number): SubgraphAnswer {
  const answer = parsed(text);
  if (typeof answer === 'object' && answer !== null) {
    if ('errors' in answer && Array.isArray(answer.errors)) return answer as SubgraphAnswer;
    if ('data' in answer && status < 400) return answer as SubgraphAnswer;
  }
  throw new Error(
    `expected a GraphQL answer; got status ${status} and ${text.length} characters that are none`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
