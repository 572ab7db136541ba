import type { GraphQLDataSource } from '@apollo/gateway';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { InternalIdentity, MintToken } from '../../shared/identity/internal-tokens.js';
import { loggedOutage, outage } from '../faults/outage.js';
import { showSubgraphErrors } from '../faults/subgraph-errors.js';
import { Circuit, CircuitOpen, type CircuitState } from './circuit.js';
import { SubgraphConnections } from './subgraph-connections.js';

/** What became of one question to a subgraph: `skipped` ones were not even asked. */
export type FetchOutcome = 'answered' | 'failed' | 'skipped';

export interface SubgraphSourceOptions {
  name: string;
  /** From the settings; the address in the supergraph is never used. */
  url: string;
  mint: MintToken;
  /** Whether the subgraph is to know which human reads what this text asks for. */
  isAudited?: (query: string) => boolean;
  log: Logger;
  timeoutMs: number;
  fetched?: (subgraph: string, outcome: FetchOutcome, seconds: number) => void;
}

interface SubgraphRequest {
  query?: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

interface SubgraphQuestion {
  request: SubgraphRequest;
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
  readonly #connections: SubgraphConnections;
  readonly #circuit: Circuit;

  constructor(options: SubgraphSourceOptions) {
    const { name, log, url } = options;
    this.#options = options;
    this.#connections = new SubgraphConnections(url);
    this.#circuit = new Circuit({
      opened: (id, cause) =>
        log.error(
          { id, subgraph: name, err: cause },
          'a subgraph does not answer; until it does, requests to it fail at once',
        ),
      closed: (id) => log.info({ id, subgraph: name }, 'a subgraph answers again'),
    });
  }

  get circuit(): CircuitState {
    return this.#circuit.state;
  }

  /** As far as the last question to it tells. */
  get isAway(): boolean {
    return this.#circuit.isFailing;
  }

  // Every caller gets an answer parsed for it alone: the plan executor merges into what it is given.
  async process({ request, context }: SubgraphQuestion): Promise<SubgraphAnswer & GatewayResponse> {
    const { name, log } = this.#options;
    const answer = await this.ask(request, context.identity).catch((cause: unknown) => {
      // One that is known to be away has its line in the log already.
      const known = this.#circuit.outage;
      throw known ? loggedOutage(name, known) : outage(log, name, cause);
    });
    if (!answer.errors) return answer;
    const errors = showSubgraphErrors(log, name, answer.errors);
    return { ...answer, errors };
  }

  /** The answer as it came. Throws what kept the subgraph from giving one. */
  async ask(
    { query = '', variables, operationName }: SubgraphRequest,
    identity: InternalIdentity | undefined,
  ): Promise<SubgraphAnswer> {
    const { name, mint, timeoutMs } = this.#options;
    if (!identity) throw new Error(`${name} was to be asked without an identity`);
    const isChange = isMutation(query);
    const mayKnowWho = isChange || (this.#options.isAudited?.(query) ?? false);
    const token = await mint(mayKnowWho ? identity : { claims: identity.claims }, name);
    const body = JSON.stringify({ query, variables, operationName });
    return this.#measured(async () => {
      const post = { body, token, timeoutMs, mayRepeat: !isChange };
      const { status, text } = await this.#connections.post(post);
      return readAnswer(text, status);
    });
  }

  /** Cuts what still runs; whoever wants it to finish waits before. */
  async close(): Promise<void> {
    await this.#connections.close();
  }

  async #measured(fetch: () => Promise<SubgraphAnswer>): Promise<SubgraphAnswer> {
    const { name, fetched } = this.#options;
    const since = performance.now();
    let outcome: FetchOutcome = 'failed';
    try {
      const answer = await this.#circuit.run(fetch);
      outcome = 'answered';
      return answer;
    } catch (cause) {
      if (cause instanceof CircuitOpen) outcome = 'skipped';
      throw cause;
    } finally {
      fetched?.(name, outcome, (performance.now() - since) / 1000);
    }
  }
}

/** The planner prints the operation type first. */
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
