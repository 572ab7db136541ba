import type { GraphQLDataSource } from '@apollo/gateway';
import type { Logger } from 'pino';
import type { InternalIdentity, MintToken } from '../../shared/identity/internal-tokens.js';
import { faultOf } from '../../shared/telemetry/operation-facts.js';
import type { Span } from '../../shared/telemetry/tracing.js';
import { loggedOutage, outage } from '../faults/outage.js';
import { hasFault, showSubgraphErrors } from '../faults/subgraph-errors.js';
import { Batches, type BatchTerms, type SendTogether } from './batches.js';
import { Changes } from './changes.js';
import { Circuit, CircuitOpen, type CircuitState } from './circuit.js';
import { ListRequests } from './list-requests.js';
import type { Question, QuestionContext, SubgraphAnswer } from './question.js';
import { received, type Received } from './received.js';
import { RememberedTokens } from './remembered-tokens.js';
import { SharedWork } from './shared-work.js';
import { SubgraphConnections } from './subgraph-connections.js';

/** What became of one question to a subgraph: `shared` and `skipped` ones were not even asked. */
export type FetchOutcome = 'answered' | 'shared' | 'failed' | 'skipped';

export interface SubgraphSourceOptions {
  name: string;
  /** From the settings; the address in the supergraph is never used. */
  url: string;
  mint: MintToken;
  /** Whether the subgraph is to know which human reads what this text asks for. */
  isAudited?: (query: string) => boolean;
  log: Logger;
  timeoutMs: number;
  /** So many questions may go in one request, as long as the subgraph takes lists of them. 1 unless said. */
  batchSize?: number;
  /** Those all subgraphs have in common. */
  changes?: Changes;
  fetched?: (subgraph: string, outcome: FetchOutcome, seconds: number) => void;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

interface SubgraphRequest {
  query?: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

interface SubgraphQuestion {
  request: SubgraphRequest;
  context: QuestionContext;
}

interface Terms extends BatchTerms {
  /** Whether the answer is nobody else's, so that it is asked alone. */
  isPersonal: boolean;
  span?: Span | undefined;
  /** Whether the gateway itself asks, which wants to know what came, or what kept it from coming. */
  isRaw?: boolean;
}

type GatewayResponse = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** Asks one subgraph over HTTP in the name of the caller's claim set. */
export class SubgraphSource implements GraphQLDataSource {
  readonly #options: SubgraphSourceOptions;
  readonly #connections: SubgraphConnections;
  readonly #circuit: Circuit;
  readonly #changes: Changes;
  /** Questions by the token they are asked with, which stands for a claim set, and by the text that is sent. */
  readonly #shared: SharedWork<Received>;
  readonly #tokens = new RememberedTokens();
  readonly #batches: Batches | undefined;
  readonly #lists: ListRequests;
  readonly #now: () => number;

  constructor(options: SubgraphSourceOptions) {
    const { name, log, url, batchSize = 1, changes = new Changes() } = options;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#lists = new ListRequests(name, log, (body, terms) => this.#post(body, terms, true));
    this.#connections = new SubgraphConnections(url, () => this.#lists.lookAgain());
    this.#changes = changes;
    this.#shared = new SharedWork<Received>(changes, hasFault);
    if (batchSize > 1) {
      const send: SendTogether = (bodies, terms) =>
        this.#circuit.run(() => this.#lists.send(bodies, terms));
      this.#batches = new Batches(batchSize, send, this.#now);
    }
    this.#circuit = new Circuit({
      opened: (id, cause) =>
        log.error(
          { id, subgraph: name, err: cause },
          'a subgraph does not answer; until it does, requests to it fail at once',
        ),
      closed: (id) => {
        this.#lists.lookAgain();
        log.info({ id, subgraph: name }, 'a subgraph answers again');
      },
    });
  }

  get circuit(): CircuitState {
    return this.#circuit.state;
  }

  /** As far as the last question to it tells. */
  get isAway(): boolean {
    return this.#circuit.isFailing;
  }

  /** The same for the gateway package. */
  async process({ request, context }: SubgraphQuestion): Promise<SubgraphAnswer & GatewayResponse> {
    return await this.answer(questionOf(request), context);
  }

  /** The answer, with those errors that may be shown. It belongs to who asked: the plan executor merges into it. */
  answer(question: Question, { identity, forwarded, span }: QuestionContext) {
    return span
      ? this.#traced(question, identity, span)
      : this.#answer(question, identity, forwarded);
  }

  /** In a span of its own, which the subgraph's is a part of. */
  async #traced(question: Question, identity: InternalIdentity | undefined, whole: Span) {
    const { name } = this.#options;
    const span = whole.begin(`fetch ${name}`, { 'vierblatt.subgraph': name }, 'client');
    let fault: string | undefined = 'SERVICE_UNAVAILABLE';
    try {
      const answer = await this.#answer(question, identity, span.headers, span);
      fault = faultOf(answer.errors);
      return answer;
    } finally {
      span.end(fault);
    }
  }

  async #answer(
    question: Question,
    identity: InternalIdentity | undefined,
    forwarded: Readonly<Record<string, string>> | undefined,
    span?: Span,
  ): Promise<SubgraphAnswer> {
    const { name, log } = this.#options;
    const isPersonal = this.#isPersonal(question);
    const remembered = isPersonal || !identity ? undefined : this.#tokens.of(identity.claims);
    const token =
      remembered ??
      (await this.#tokenFor(identity, isPersonal).catch((cause: unknown) => {
        throw outage(log, name, cause);
      }));
    const ask = () => this.#asked(question, { token, forwarded, isPersonal, span });
    if (isPersonal) return (await ask()).take();
    const joined = this.#shared.joined(token, question.body, ask);
    if (joined) return this.#joinedAnswer(joined, span);
    return (await this.#shared.begin(token, question.body, ask)).take();
  }

  /** The answer as it came. Throws what kept the subgraph from giving one. */
  async ask(request: SubgraphRequest, identity: InternalIdentity): Promise<SubgraphAnswer> {
    const question = questionOf(request);
    const isPersonal = this.#isPersonal(question);
    const token = await this.#tokenFor(identity, isPersonal);
    return (await this.#asked(question, { token, isPersonal, isRaw: true })).take();
  }

  /** What was learned of how it may be asked no longer counts. */
  schemaChanged(): void {
    this.#lists.lookAgain();
  }

  /** Cuts what still runs; whoever wants it to finish waits before. */
  async close(): Promise<void> {
    await this.#connections.close();
  }

  /** What is nobody else's answer: it changes something, or is about who reads it. */
  #isPersonal({ query, isChange }: Question): boolean {
    return isChange || (this.#options.isAudited?.(query) ?? false);
  }

  async #tokenFor(identity: InternalIdentity | undefined, isPersonal: boolean): Promise<string> {
    const { name, mint } = this.#options;
    if (!identity) throw new Error(`${name} was to be asked without an identity`);
    if (isPersonal) return mint(identity, name);
    const { claims } = identity;
    const token = await mint({ claims }, name);
    this.#tokens.remember(claims, token);
    return token;
  }

  async #joinedAnswer(joined: Promise<Received>, span?: Span): Promise<SubgraphAnswer> {
    const { name, fetched } = this.#options;
    const since = this.#now();
    try {
      return (await joined).take();
    } finally {
      span?.tell({ 'vierblatt.fetch.outcome': 'shared' });
      fetched?.(name, 'shared', (this.#now() - since) / 1000);
    }
  }

  async #asked(question: Question, terms: Terms): Promise<Received> {
    const { name, fetched } = this.#options;
    const since = this.#now();
    let outcome: FetchOutcome = 'failed';
    try {
      const answer = await this.#send(question, terms);
      outcome = 'answered';
      return terms.isRaw ? answer : this.#shown(answer);
    } catch (cause) {
      if (cause instanceof CircuitOpen) outcome = 'skipped';
      throw terms.isRaw ? cause : this.#shownFault(cause);
    } finally {
      terms.span?.tell({ 'vierblatt.fetch.outcome': outcome });
      fetched?.(name, outcome, (this.#now() - since) / 1000);
      // Also when it failed: it may have been done, and only the answer was lost.
      if (question.isChange) this.#changes.happened();
    }
  }

  /** What is wrong is logged once, however many wait for it. */
  #shown(answer: Received): Received {
    const { name, log } = this.#options;
    const { errors } = answer;
    return errors ? answer.withErrors(showSubgraphErrors(log, name, errors)) : answer;
  }

  #shownFault(cause: unknown): Error {
    const { name, log } = this.#options;
    // One that is known to be away has its line in the log already.
    const known = this.#circuit.outage;
    return known ? loggedOutage(name, known) : outage(log, name, cause);
  }

  #send(question: Question, terms: Terms): Promise<Received> {
    // One with a span goes alone: the subgraph's span is a part of it, and of no other.
    if (this.#batches && !terms.isPersonal && !terms.span && !this.#lists.isRefused)
      return this.#batches.ask(question, terms);
    const { body, isChange } = question;
    return this.#circuit.run(async () => received(await this.#post(body, terms, !isChange)));
  }

  #post(body: string, { token, forwarded }: BatchTerms, mayRepeat: boolean) {
    const { timeoutMs } = this.#options;
    return this.#connections.post({ body, token, forwarded, timeoutMs, mayRepeat });
  }
}

function questionOf({ query = '', variables, operationName }: SubgraphRequest): Question {
  const body = JSON.stringify({ query, variables, operationName });
  return { query, body, isChange: isMutation(query) };
}

/** The planner prints the operation type first. */
function isMutation(query: string): boolean {
  return /^mutation\b/.test(query);
}
