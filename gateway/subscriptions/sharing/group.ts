import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { InternalIdentity } from '../../../shared/identity/index.js';
import { faultOf, type Tracing } from '../../../shared/telemetry/index.js';
import type { WriteEpoch, FetchSources, SubgraphResponse } from '../../core/index.js';
import type { ReadCurrentCursor } from '../../subgraph-http/index.js';
import { maskFault, showSubgraphErrors } from '../../faults/index.js';
import { Broadcast } from './broadcast.js';
import type { DeliveryScheduler } from './delivery-scheduler.js';
import { executeEvent, type PreparedSubscription } from '../planning/index.js';
import { Message, type Subscriber, type SubscriptionResult } from './message.js';
import { OrderedPipeline } from './ordered-pipeline.js';
import { RecentMessages } from './recent-messages.js';
import { isSameUpstream, SCHEMA_CHANGED } from './schema-change.js';
import { UpstreamSession, type ReceivedCursor, type Upstreams } from '../upstream/index.js';

/** Executions of one group at the same time; their results leave in order. */
const MAX_CONCURRENT = 32;
/** Events of one group that may wait for their execution before it pauses its stream. */
const MAX_WAITING = 1_000;

export interface GroupEnvironment {
  upstreams: Upstreams;
  sources: FetchSources;
  writes: WriteEpoch;
  readCurrentCursor: ReadCurrentCursor;
  scheduler: DeliveryScheduler;
  log: Logger;
  tracing?: Tracing | undefined;
}

export interface GroupListener {
  /** A message has been queued for all subscribers. */
  delivered(group: Group, message: Message): void;
  /** The group has no stream any more and accepts no subscribers. May be called twice. */
  closed(group: Group): void;
}

interface ReceivedEvent extends ReceivedCursor {
  /** The preparation that was current when it arrived. */
  prepared: PreparedSubscription;
  event: SubgraphResponse;
}

/** A subscriber and its current group: groups merge. */
export interface Membership {
  readonly subscriber: Subscriber;
  group: Group;
  /** Called before the subscriber moves to another group. */
  onMove(other: Group): void;
  /** Called when the subscriber has left its last group. */
  onLeave(): void;
}

/** All subscribers of the same subscription with the same rights at the same cursor: one stream, one execution, one serialisation. */
export class Group {
  /** Whether it began with the current cursor, so that others who begin now may join. */
  readonly isLive: boolean;
  readonly #broadcast: Broadcast;
  readonly #identity: InternalIdentity;
  readonly #environment: GroupEnvironment;
  readonly #pipeline: OrderedPipeline<ReceivedEvent, Message>;
  readonly #listener: GroupListener;
  #prepared: PreparedSubscription;
  #recent: RecentMessages;
  #session: UpstreamSession;
  #isClosed = false;
  /** The result for subscribers once all received events are delivered; undefined while the group is active. */
  #finalResult: { errors: readonly GraphQLFormattedError[] | undefined } | undefined;
  #isPaused = false;
  /** Whether its subscribers resumed and have not got the mark that says that they have caught up. */
  #isCatchingUp: boolean;
  /** The cursor of the message before the last; at the beginning the one after which it started. Undefined where it had none. */
  #previousCursor: string | undefined;
  #cursor: string | undefined;

  constructor(
    prepared: PreparedSubscription,
    identity: InternalIdentity,
    environment: GroupEnvironment,
    listener: GroupListener,
  ) {
    const { after } = prepared;
    this.isLive = after === undefined;
    this.#isCatchingUp = !this.isLive && prepared.plan.resume?.caughtUpAlias !== undefined;
    this.#cursor = after;
    this.#prepared = prepared;
    this.#identity = identity;
    this.#environment = environment;
    this.#listener = listener;
    this.#recent = new RecentMessages(after);
    this.#broadcast = new Broadcast(environment.scheduler);
    this.#pipeline = new OrderedPipeline(
      (received) => toMessage(received, identity, environment),
      (message) => this.#emit(message),
      MAX_CONCURRENT,
    );
    this.#session = this.#sessionAfter(after);
  }

  start(): void {
    void this.#session.start();
  }

  get size(): number {
    return this.#broadcast.size;
  }

  get prepared(): PreparedSubscription {
    return this.#prepared;
  }

  get identity(): InternalIdentity {
    return this.#identity;
  }

  /**
   * Continues under another schema: on its stream if the upstream operation is unchanged, otherwise on another after the last
   * cursor. Earlier events are executed under the schema under which they arrived, and are not replayed to new subscribers.
   */
  continueWith(prepared: PreparedSubscription): void {
    const before = this.#prepared;
    this.#prepared = prepared;
    this.#recent = new RecentMessages(undefined);
    if (isSameUpstream(before, prepared)) {
      this.#session.continueWith(prepared.plan);
      return;
    }
    const { cursor, hasBegun } = this.#session;
    if (!prepared.plan.resume || (cursor === undefined && hasBegun)) {
      this.end([SCHEMA_CHANGED]);
      return;
    }
    this.#session.stop();
    this.#session = this.#sessionAfter(cursor);
    if (!this.#isPaused) this.start();
  }

  get isCatchingUp(): boolean {
    return this.#isCatchingUp;
  }

  /** The cursor of the message before the last. */
  get previousCursor(): string | undefined {
    return this.#previousCursor;
  }

  /** Returns the messages delivered after a cursor; undefined when this group does not know. */
  deliveredAfter(cursor: string): readonly Message[] | undefined {
    return this.#recent.after(cursor);
  }

  /** Adds a subscriber who has everything up to the missed messages, which it gets first. */
  admit(membership: Membership, missed: readonly Message[]): void {
    if (membership.group !== this) membership.onMove(this);
    membership.group = this;
    this.#broadcast.add(membership);
    if (missed.length > 0) membership.subscriber.deliver(missed);
  }

  leave(membership: Membership): void {
    if (!this.#broadcast.remove(membership)) return;
    membership.onLeave();
    if (this.#broadcast.size === 0) this.#close();
  }

  /** Moves all subscribers to a group that delivers, from `missed` on, exactly what this group would deliver. */
  moveTo(other: Group, missed: readonly Message[]): void {
    for (const membership of this.#broadcast.end()) other.admit(membership, missed);
    this.#close();
  }

  #receive(received: ReceivedEvent): void {
    this.#pipeline.push(received);
    if (this.#pipeline.waiting < MAX_WAITING || this.#isPaused) return;
    this.#isPaused = true;
    this.#session.pause();
  }

  #emit(message: Message): void {
    if (this.#isClosed) return;
    this.#recent.add(message);
    this.#previousCursor = this.#cursor;
    this.#cursor = message.cursor;
    if (message.isMark) this.#isCatchingUp = false;
    this.#broadcast.send(message);
    if (this.#isPaused && this.#pipeline.isIdle && !this.#finalResult) {
      this.#isPaused = false;
      this.#session.resume();
    }
    this.#listener.delivered(this, message);
    if (this.#finalResult && this.#pipeline.isIdle) this.#finish(this.#finalResult.errors);
  }

  /**
   * Ends it for all subscribers, with errors or as complete. The received events are executed and delivered first; nobody can
   * join any more.
   */
  end(errors?: readonly GraphQLFormattedError[]): void {
    if (this.#isClosed || this.#finalResult) return;
    this.#finalResult = { errors };
    this.#session.stop();
    this.#listener.closed(this);
    if (this.#pipeline.isIdle) this.#finish(errors);
  }

  #finish(errors: readonly GraphQLFormattedError[] | undefined): void {
    const memberships = this.#broadcast.end();
    this.#close();
    for (const membership of memberships) {
      membership.onLeave();
      membership.subscriber.end(errors);
    }
  }

  #sessionAfter(after: string | undefined): UpstreamSession {
    const { upstreams, readCurrentCursor, log } = this.#environment;
    const { plan, variables, trace } = this.#prepared;
    return new UpstreamSession({
      plan,
      trace,
      variables,
      identity: this.#identity,
      after,
      owesMark: this.#isCatchingUp,
      upstreams,
      readCurrentCursor,
      log,
      started: (cursor) => this.#recent.startedAfter(cursor),
      event: (event, received) => this.#receive({ prepared: this.#prepared, event, ...received }),
      ended: (errors) => this.end(errors),
    });
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#session.stop();
    this.#listener.closed(this);
  }
}

async function toMessage(
  { prepared: { plan, variables, trace }, event, cursor, isMark }: ReceivedEvent,
  identity: InternalIdentity,
  { sources, writes, log, tracing }: GroupEnvironment,
): Promise<Message> {
  const name = `event of ${plan.primary.serviceName}`;
  const span = tracing?.begin(name, event.extensions, { follows: trace });
  let fault: string | undefined = 'INTERNAL_SERVER_ERROR';
  try {
    const subgraph = plan.primary.serviceName;
    const shown = event.errors && { errors: showSubgraphErrors(log, subgraph, event.errors) };
    const context = { variables, identity, sources, writes, log, span };
    const { errors, ...result } = await executeEvent(plan, { ...event, ...shown }, context);
    const masked = errors && { errors: errors.map((error) => maskFault(log, error)) };
    fault = faultOf(masked?.errors);
    return new Message({ ...masked, ...(result as SubscriptionResult) }, cursor, isMark);
  } catch (error) {
    return new Message({ errors: [maskFault(log, error)], data: null }, cursor);
  } finally {
    span?.end(fault);
  }
}
