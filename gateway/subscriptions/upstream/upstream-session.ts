import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { recordFault } from '../../../shared/errors/fault-log.js';
import { maskFault } from '../../faults/mask.js';
import { outage } from '../../faults/outage.js';
import { hasFault, isCallersFault, showSubgraphErrors } from '../../faults/subgraph-errors.js';
import type { CursorAnswer, CursorOfNow } from '../../subgraph-http/current-cursor.js';
import type { InternalIdentity } from '../../../shared/identity/internal-tokens.js';
import type { SubgraphAnswer } from '../../core/subgraph-request.js';
import type { SubscriptionPlan } from '../planning/plan.js';
import type { UpstreamSink } from './upstream-socket.js';
import type { Upstreams } from './upstreams.js';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** So often in a row an event is read again that fails for another reason than an outage; these take about three seconds. */
const MOST_REREADINGS = 6;

export interface SessionOptions {
  plan: SubscriptionPlan;
  variables: Record<string, unknown>;
  identity: InternalIdentity;
  after: string | undefined;
  trace: Readonly<Record<string, string>> | undefined;
  upstreams: Upstreams;
  cursorOfNow: CursorOfNow;
  log: Logger;
  started(cursor: string): void;
  event(event: SubgraphAnswer, cursor: string | undefined): void;
  /** Nothing follows. Without errors the subgraph completed the stream. */
  ended(errors?: readonly GraphQLFormattedError[]): void;
}

/**
 * One subscription upstream that outlives the subgraph: when it breaks, it goes on behind the last cursor that came. An
 * event whose entity could not be read is a break before that event. A resumable stream of changes never ends by itself,
 * so a completed one is a broken one too: a subgraph that shuts down completes its streams. Only errors that trying again
 * does not mend end it, and a break before any cursor is known. Any other stream ends when its subgraph completes it.
 */
export class UpstreamSession {
  #options: SessionOptions;
  #cursor: string | undefined;
  #hasBegun = false;
  #leave = () => {};
  #retries = 0;
  /** How often in a row the next event was to be read again. */
  #rereadings = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#cursor = options.after;
  }

  async start(): Promise<void> {
    const { plan, started } = this.#options;
    if (this.#cursor === undefined && plan.resume?.now !== undefined) {
      const { cursor, errors } = await this.#askWhereItStands(plan.resume.now);
      // One who may not know where the stream stands may still be allowed to watch it; the subgraph decides.
      if (!errors.every(isCallersFault)) {
        this.#end(errors);
        return;
      }
      this.#cursor = cursor;
      if (cursor !== undefined && !this.#isStopped) started(cursor);
    }
    this.#subscribe();
  }

  /** Up to where it has come; undefined when that is not known. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Whether it has asked for the stream, so that something may have been missed if it is left. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** For a plan of another schema that asks the same of the same subgraph. */
  continueWith(plan: SubscriptionPlan): void {
    this.#options = { ...this.#options, plan };
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#leave();
  }

  /** Lets go of the stream until `resume`, when the events that came cannot be worked off as fast as they come. */
  pause(): void {
    this.#leave();
    if (!this.#canResume) this.#broken(new Error('more events wait than can be kept'));
  }

  resume(): void {
    if (!this.#isStopped) this.#subscribe();
  }

  async #askWhereItStands(field: string): Promise<CursorAnswer> {
    const { plan, identity, cursorOfNow, log } = this.#options;
    try {
      return await cursorOfNow(plan.primary.serviceName, field, identity);
    } catch (error) {
      return { errors: [maskFault(log, error)] };
    }
  }

  #subscribe(): void {
    if (this.#isStopped) return;
    this.#hasBegun = true;
    const { plan, variables, identity, trace, upstreams } = this.#options;
    const { serviceName, operation, operationName, variableUsages = [] } = plan.primary;
    const known: Record<string, unknown> = { ...variables };
    if (plan.resume && this.#cursor !== undefined) known[plan.resume.afterVariable] = this.#cursor;
    const used = variableUsages.filter((name) => Object.hasOwn(known, name));
    this.#leave = upstreams.subscribe(
      serviceName,
      {
        query: operation,
        variables: Object.fromEntries(used.map((name) => [name, known[name]])),
        ...(operationName === undefined ? {} : { operationName }),
        ...(trace && { trace }),
      },
      // The human is told only to a subgraph that wants to know who reads this, see AuditedFields.
      plan.supergraph.audited.areAskedFor(operation) ? identity : { claims: identity.claims },
      this.#sink(),
    );
  }

  #sink(): UpstreamSink {
    return {
      event: (event) => this.#event(event),
      broken: (cause) => this.#broken(cause),
      completed: () => this.#completed(),
      refused: (errors) => this.#refused(errors),
    };
  }

  #event(event: SubgraphAnswer): void {
    if (hasFault(event)) {
      if (this.#isReadAgain(event)) {
        this.#rereadings += 1;
        this.#leave();
        this.#broken(event.errors);
        return;
      }
    } else {
      this.#rereadings = 0;
    }
    this.#retries = 0;
    const cursor = cursorOf(event, this.#options.plan);
    this.#cursor = cursor ?? this.#cursor;
    this.#options.event(event, cursor);
  }

  /**
   * Whether a change that could not be read is asked for again. During an outage until it is over: nobody would be told of
   * the change a second time. A fault of another kind may be for good, and must not keep back all that follows.
   */
  #isReadAgain({ errors = [] }: SubgraphAnswer): boolean {
    if (!this.#canResume) return false;
    const isOutage = errors.some(
      ({ extensions }) => extensions?.['code'] === 'SERVICE_UNAVAILABLE',
    );
    return isOutage || this.#rereadings < MOST_REREADINGS;
  }

  #completed(): void {
    if (this.#options.plan.resume) this.#broken(new Error('the subgraph completed the stream'));
    else this.#end();
  }

  #refused(errors: readonly GraphQLFormattedError[]): void {
    const { plan, log } = this.#options;
    if (this.#canResume && !errors.some(isCallersFault)) this.#broken(errors);
    else this.#end(showSubgraphErrors(log, plan.primary.serviceName, errors));
  }

  get #canResume(): boolean {
    return this.#options.plan.resume !== undefined && this.#cursor !== undefined;
  }

  #broken(cause: unknown): void {
    if (this.#isStopped) return;
    const { plan, log } = this.#options;
    const subgraph = plan.primary.serviceName;
    if (!this.#canResume) {
      this.#end([outage(log, subgraph, cause).toJSON()]);
      return;
    }
    if (this.#retries === 0)
      recordFault(log, 'a subscription broke and is resumed', { subgraph, err: cause }, 'warn');
    const longest = Math.min(FIRST_RETRY_MS * 2 ** this.#retries, LAST_RETRY_MS);
    this.#retries += 1;
    // Spread, so that a subgraph that comes back is not met by all groups at once.
    this.#timer = setTimeout(() => this.#subscribe(), longest * (0.5 + Math.random() / 2));
  }

  #end(errors?: readonly GraphQLFormattedError[]): void {
    if (this.#isStopped) return;
    this.stop();
    this.#options.ended(errors);
  }
}

function cursorOf({ data }: SubgraphAnswer, { resume }: SubscriptionPlan): string | undefined {
  if (!resume) return undefined;
  const message = data?.[resume.responseName] as Record<string, unknown> | null | undefined;
  const cursor = message?.[resume.cursorAlias];
  return typeof cursor === 'string' ? cursor : undefined;
}
