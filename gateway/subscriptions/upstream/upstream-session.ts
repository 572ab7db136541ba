import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { recordFault } from '../../../shared/errors/index.js';
import {
  maskFault,
  outage,
  hasFault,
  isCallersFault,
  showSubgraphErrors,
} from '../../faults/index.js';
import type { CurrentCursor, ReadCurrentCursor } from '../../subgraph-http/index.js';
import type { InternalIdentity } from '../../../shared/identity/index.js';
import type { SubgraphResponse } from '../../core/index.js';
import type { SubscriptionPlan } from '../planning/index.js';
import type { UpstreamSink } from './upstream-socket.js';
import type { Upstreams } from './upstreams.js';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** How often in a row an event is read again that fails for another reason than an outage; about three seconds in all. */
const MAX_REREADS = 6;

export interface SessionOptions {
  plan: SubscriptionPlan;
  variables: Record<string, unknown>;
  identity: InternalIdentity;
  after: string | undefined;
  /** Whether the subscribers wait for the mark that says that they have caught up. */
  owesMark: boolean;
  trace: Readonly<Record<string, string>> | undefined;
  upstreams: Upstreams;
  readCurrentCursor: ReadCurrentCursor;
  log: Logger;
  started(cursor: string): void;
  event(event: SubgraphResponse, received: ReceivedCursor): void;
  /** The stream has ended. Without errors the subgraph completed it. */
  ended(errors?: readonly GraphQLFormattedError[]): void;
}

export interface ReceivedCursor {
  cursor: string | undefined;
  /** Whether the event is a mark: everything up to its cursor has been received. */
  isMark: boolean;
}

/**
 * One subscription upstream that survives outages of the subgraph: when its stream breaks, it resumes after the last received
 * cursor. An event whose entity could not be read is a break before that event. A resumable stream of changes never ends by
 * itself, so a completed one is broken too: a subgraph that shuts down completes its streams. Only errors that a retry cannot fix
 * end it, and a break before any cursor is known. A stream that is not resumable ends when its subgraph completes it.
 *
 * The subgraph sends a mark each time it has caught up. Subscribers get the first where they resume themselves, and none because the
 * gateway resumed for them.
 */
export class UpstreamSession {
  #options: SessionOptions;
  #cursor: string | undefined;
  #hasBegun = false;
  #unsubscribe = () => {};
  /** Whether the next mark says that this subscription upstream has caught up, and is not of the clock. */
  #isCatchingUp = false;
  #owesMark: boolean;
  #retries = 0;
  /** How often in a row the next event had to be read again. */
  #rereads = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#cursor = options.after;
    this.#owesMark = options.owesMark;
  }

  async start(): Promise<void> {
    const { plan, started } = this.#options;
    if (this.#cursor === undefined && plan.resume?.now !== undefined) {
      const { cursor, errors } = await this.#readCurrentCursor(plan.resume.now);
      // A caller who may not read the current cursor may still be allowed to subscribe; the subgraph decides.
      if (!errors.every(isCallersFault)) {
        this.#end(errors);
        return;
      }
      this.#cursor = cursor;
      if (cursor !== undefined && !this.#isStopped) started(cursor);
    }
    this.#subscribe();
  }

  /** The last received cursor; undefined when none is known. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Whether it has subscribed upstream, so that events may be missed if the stream is dropped. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Continues with a plan of another schema whose upstream operation is the same. */
  continueWith(plan: SubscriptionPlan): void {
    this.#options = { ...this.#options, plan };
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#unsubscribe();
  }

  /** Releases the stream until `resume`, when events arrive faster than they are executed. */
  pause(): void {
    this.#unsubscribe();
    if (!this.#canResume) this.#broken(new Error('more events wait than can be kept'));
  }

  resume(): void {
    if (!this.#isStopped) this.#subscribe();
  }

  async #readCurrentCursor(field: string): Promise<CurrentCursor> {
    const { plan, identity, readCurrentCursor, log } = this.#options;
    try {
      return await readCurrentCursor(plan.primary.serviceName, field, identity);
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
    this.#isCatchingUp = plan.resume !== undefined && this.#cursor !== undefined;
    if (plan.resume && this.#cursor !== undefined) known[plan.resume.afterVariable] = this.#cursor;
    const used = variableUsages.filter((name) => Object.hasOwn(known, name));
    this.#unsubscribe = upstreams.subscribe(
      serviceName,
      {
        query: operation,
        variables: Object.fromEntries(used.map((name) => [name, known[name]])),
        ...(operationName === undefined ? {} : { operationName }),
        ...(trace && { trace }),
      },
      // The subject is sent only to a subgraph that needs to know who reads this, see AuditedFields.
      plan.supergraph.audited.areRequestedBy(operation) ? identity : { claims: identity.claims },
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

  #event(event: SubgraphResponse): void {
    if (hasFault(event)) {
      if (this.#isReread(event)) {
        this.#rereads += 1;
        this.#unsubscribe();
        this.#broken(event.errors);
        return;
      }
    } else {
      this.#rereads = 0;
    }
    this.#retries = 0;
    const received = receivedCursor(event, this.#options.plan);
    this.#cursor = received.cursor ?? this.#cursor;
    if (received.isMark && this.#isCatchingUp) {
      this.#isCatchingUp = false;
      if (!this.#owesMark) return;
    }
    if (received.isMark) this.#owesMark = false;
    this.#options.event(event, received);
  }

  /**
   * Whether a change that could not be read is read again. During an outage until it ends, because the change is not published a
   * second time. A fault of another kind may be permanent, and must not block all later events.
   */
  #isReread({ errors = [] }: SubgraphResponse): boolean {
    if (!this.#canResume) return false;
    const isOutage = errors.some(
      ({ extensions }) => extensions?.['code'] === 'SERVICE_UNAVAILABLE',
    );
    return isOutage || this.#rereads < MAX_REREADS;
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
    // Spread, so that not all groups reconnect at once to a subgraph that is available again.
    this.#timer = setTimeout(() => this.#subscribe(), longest * (0.5 + Math.random() / 2));
  }

  #end(errors?: readonly GraphQLFormattedError[]): void {
    if (this.#isStopped) return;
    this.stop();
    this.#options.ended(errors);
  }
}

function receivedCursor({ data }: SubgraphResponse, { resume }: SubscriptionPlan): ReceivedCursor {
  if (!resume) return { cursor: undefined, isMark: false };
  const message = data?.[resume.responseName] as Record<string, unknown> | null | undefined;
  const cursor = message?.[resume.cursorAlias];
  const isMark = resume.caughtUpAlias !== undefined && message?.[resume.caughtUpAlias] === true;
  return { cursor: typeof cursor === 'string' ? cursor : undefined, isMark };
}
