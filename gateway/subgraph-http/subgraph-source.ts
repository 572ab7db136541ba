import { randomUUID } from 'node:crypto';
import type { GraphQLDataSource } from '@apollo/gateway';
import type { Logger } from 'pino';
import { Cancelled, type Cancellation } from '../../shared/cancellation/cancellation.js';
import { callersFault } from '../../shared/errors/callers-fault.js';
import { actorOf } from '../../shared/identity/caller.js';
import type { InternalIdentity, MintToken } from '../../shared/identity/internal-tokens.js';
import { faultOf } from '../../shared/telemetry/operation-facts.js';
import type { Span } from '../../shared/telemetry/tracing.js';
import { loggedOutage, outage, unrecorded } from '../faults/outage.js';
import { hasFault, showSubgraphErrors } from '../faults/subgraph-errors.js';
import { ReadRecorder, type Read, type Reader, type Reads } from '../recording/read-recorder.js';
import { Batches, type BatchTerms, type SendTogether } from './batches.js';
import { Changes } from '../core/write-epoch.js';
import { Circuit, CircuitOpen, type CircuitState } from './circuit.js';
import { ListRequests } from './batch-sender.js';
import type { Question, QuestionContext, SubgraphAnswer } from '../core/subgraph-request.js';
import { received, type Received } from './subgraph-response.js';
import { ITSELF, RECORDER } from '../core/service-identities.js';
import { RememberedTokens } from './token-cache.js';
import { SharedWork } from '../core/single-flight.js';
import { AnswerLate, SubgraphConnections, type Post } from './subgraph-connections.js';

const PROBE = JSON.stringify({ query: '{ __typename }' });
const PROBE_WITHIN_MS = 2_000;

/**
 * What became of one question to a subgraph: `shared` and `skipped` ones were not even asked, and nobody waited for
 * `cancelled` ones any more.
 */
export type FetchOutcome = 'answered' | 'shared' | 'failed' | 'skipped' | 'cancelled';

export interface SubgraphSourceOptions {
  name: string;
  /** From the settings; the address in the supergraph is never used. */
  url: string;
  mint: MintToken;
  /** Whether the subgraph is to know which human reads what this text asks for. */
  isAudited?: (query: string) => boolean;
  /** The operation by which the subgraph stores who reads what this text asks for; undefined where it need not. */
  recordedBy?: (query: string) => string | undefined;
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
  isHeavy?: boolean | undefined;
  cancellation?: Cancellation | undefined;
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
  readonly #recorder = new ReadRecorder((operation, reads) => this.#sendReads(operation, reads));
  readonly #now: () => number;

  constructor(options: SubgraphSourceOptions) {
    const { name, log, url, batchSize = 1, changes = new Changes() } = options;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#lists = new ListRequests(name, log, (body, terms, cancellation) =>
      this.#post(body, terms, { lane: 'read', mayRepeat: true, cancellation }),
    );
    this.#connections = new SubgraphConnections(url, () => this.#lists.lookAgain());
    this.#changes = changes;
    this.#shared = new SharedWork<Received>(changes, hasFault);
    if (batchSize > 1) {
      const send: SendTogether = (...batch) => this.#circuit.run(() => this.#lists.send(...batch));
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
      isNoSign: (cause) => cause instanceof Cancelled || cause instanceof TookTooLong,
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
  answer(question: Question, context: QuestionContext) {
    const answered = context.span
      ? this.#traced(question, context, context.span)
      : this.#answer(question, context);
    const operation = context.isEvent ? undefined : this.#options.recordedBy?.(question.query);
    return operation === undefined ? answered : this.#recorded(answered, operation, context);
  }

  /** Has the subgraph store that somebody read. Rejects, with what the caller is told, when it may not be stored. */
  record(operation: string, read: Read, reader: Reader): Promise<void> {
    return this.#recorder.record(operation, read, reader);
  }

  /** The answer, once it is stored who reads it: one record for each who shares it. */
  async #recorded(
    answered: Promise<SubgraphAnswer>,
    operation: string,
    { identity, operationName }: QuestionContext,
  ): Promise<SubgraphAnswer> {
    const answer = await answered;
    const disclosed = answer.extensions?.['disclosed'];
    if (!Array.isArray(disclosed) || !identity) return answer;
    const by = actorOf(identity);
    await Promise.all(
      disclosed.map((text) =>
        this.#recorder.record(
          operation,
          { disclosed: String(text) },
          { id: randomUUID(), by, operation: operationName ?? null },
        ),
      ),
    );
    return answer;
  }

  /** In a span of its own, which the subgraph's is a part of. */
  async #traced(question: Question, context: QuestionContext, whole: Span) {
    const { name } = this.#options;
    const span = whole.begin(`fetch ${name}`, { 'vierblatt.subgraph': name }, 'client');
    let fault: string | undefined = 'SERVICE_UNAVAILABLE';
    try {
      const answer = await this.#answer(question, { ...context, forwarded: span.headers }, span);
      fault = faultOf(answer.errors);
      return answer;
    } finally {
      span.end(fault);
    }
  }

  async #answer(
    question: Question,
    { identity, forwarded, isHeavy, ...context }: QuestionContext,
    span?: Span,
  ): Promise<SubgraphAnswer> {
    const { name, log } = this.#options;
    // What changes something runs to its end, whoever waits.
    const waiting = question.isChange ? undefined : context.cancellation;
    waiting?.check();
    const isPersonal = this.#isPersonal(question);
    const remembered = isPersonal || !identity ? undefined : this.#tokens.of(identity.claims);
    const token =
      remembered ??
      (await this.#tokenFor(identity, question, isPersonal).catch((cause: unknown) => {
        throw outage(log, name, cause);
      }));
    const ask = (cancellation?: Cancellation) =>
      this.#asked(question, { token, forwarded, isPersonal, isHeavy, cancellation, span });
    if (isPersonal) return (await ask(waiting)).take();
    const joined = this.#shared.joined(token, question.body, ask, waiting);
    if (joined) return this.#joinedAnswer(joined, span);
    return (await this.#shared.begin(token, question.body, ask, waiting)).take();
  }

  /** The answer as it came. Throws what kept the subgraph from giving one. */
  async ask(request: SubgraphRequest, identity: InternalIdentity): Promise<SubgraphAnswer> {
    const question = questionOf(request);
    const isPersonal = this.#isPersonal(question);
    const token = await this.#tokenFor(identity, question, isPersonal);
    return (await this.#asked(question, { token, isPersonal, isRaw: true })).take();
  }

  /** What was learned of how it may be asked no longer counts. */
  schemaChanged(): void {
    this.#lists.lookAgain();
  }

  /** Whether it answers the gateway itself. It says nothing of an outage: the circuit and the log do not hear of it. */
  async probe(): Promise<boolean> {
    const { name, mint, timeoutMs } = this.#options;
    try {
      const token = await mint(ITSELF, name);
      const answer = await this.#connections.post({
        body: PROBE,
        token,
        timeoutMs: Math.min(timeoutMs, PROBE_WITHIN_MS),
        mayRepeat: false,
      });
      return received(answer).take().data?.['__typename'] === 'Query';
    } catch {
      return false;
    }
  }

  /** Cuts what still runs; whoever wants it to finish waits before. */
  async close(): Promise<void> {
    await this.#connections.close();
  }

  /** What is nobody else's answer: it changes something, or is about who reads it. */
  #isPersonal({ query, isChange }: Question): boolean {
    return isChange || (this.#options.isAudited?.(query) ?? false);
  }

  async #tokenFor(
    identity: InternalIdentity | undefined,
    { isChange }: Question,
    isPersonal: boolean,
  ): Promise<string> {
    const { name, mint } = this.#options;
    if (!identity) throw new Error(`${name} was to be asked without an identity`);
    if (isChange) return mint({ ...identity, mayChange: true }, name);
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
      if (cause instanceof Cancelled) outcome = 'cancelled';
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
    if (cause instanceof Cancelled) return cause;
    if (cause instanceof TookTooLong) return callersFault('TOO_MUCH', cause.message);
    // One that is known to be away has its line in the log already.
    const known = this.#circuit.outage;
    return known ? loggedOutage(name, known) : outage(log, name, cause);
  }

  #send(question: Question, terms: Terms): Promise<Received> {
    // One with a span goes alone: the subgraph's span is a part of it, and of no other.
    const { isPersonal, isHeavy, span, cancellation } = terms;
    // One that makes the subgraph read much goes alone too: the others would wait for it.
    if (this.#batches && !isPersonal && !span && !isHeavy && !this.#lists.isRefused)
      return this.#batches.ask(question, terms, cancellation);
    const { body, isChange } = question;
    const lane = isChange ? 'change' : isHeavy ? 'heavy' : 'read';
    return this.#circuit.run(async () => {
      return received(await this.#post(body, terms, { lane, mayRepeat: !isChange, cancellation }));
    });
  }

  /** Repeated like a question: what is stored already is not stored again, and changes nothing that anybody reads. */
  async #sendReads(query: string, reads: Reads): Promise<void> {
    const { name, log, mint } = this.#options;
    try {
      const token = await mint({ ...RECORDER, mayChange: true }, name);
      const body = JSON.stringify({ query, variables: { reads } });
      const answer = await this.#circuit.run(async () =>
        received(await this.#post(body, { token }, { lane: 'change', mayRepeat: true })),
      );
      const [error] = answer.errors ?? [];
      if (error) throw new Error(error.message);
    } catch (cause) {
      throw unrecorded(log, name, cause);
    }
  }

  async #post(
    body: string,
    { token, forwarded }: BatchTerms,
    sending: Pick<Post, 'lane' | 'mayRepeat' | 'cancellation'>,
  ) {
    const { name, timeoutMs } = this.#options;
    try {
      return await this.#connections.post({ body, token, forwarded, timeoutMs, ...sending });
    } catch (cause) {
      if (sending.lane === 'heavy' && cause instanceof AnswerLate) {
        throw new TookTooLong(name, timeoutMs);
      }
      throw cause;
    }
  }
}

/** What takes long because it reads much is no sign that a subgraph is unavailable. */
class TookTooLong extends Error {
  constructor(subgraph: string, timeoutMs: number) {
    super(
      `${subgraph} did not finish this within ${timeoutMs / 1000} s. Ask for less at once: fewer counts, a smaller area, shorter pages.`,
    );
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
