import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { InternalIdentity } from '../../../shared/identity/internal-tokens.js';
import { faultOf } from '../../../shared/telemetry/operation-facts.js';
import type { Tracing } from '../../../shared/telemetry/tracing.js';
import type { FetchSources } from '../../execution/fetching/run.js';
import type { Changes } from '../../core/write-epoch.js';
import type { CursorOfNow } from '../../subgraph-http/current-cursor.js';
import type { SubgraphAnswer } from '../../core/subgraph-request.js';
import { maskFault } from '../../faults/mask.js';
import { showSubgraphErrors } from '../../faults/subgraph-errors.js';
import { Broadcast } from './broadcast.js';
import type { DeliveryTurns } from './delivery-scheduler.js';
import { executeEvent } from '../planning/execute-event.js';
import { Message, type Member, type SubscriptionResult } from './message.js';
import { OrderedPipeline } from './ordered-pipeline.js';
import type { PreparedSubscription } from '../planning/prepare.js';
import { RecentMessages } from './recent-messages.js';
import { isSameUpstream, SCHEMA_CHANGED } from './schema-change.js';
import { UpstreamSession } from '../upstream/upstream-session.js';
import type { Upstreams } from '../upstream/upstreams.js';

/** Executions of one group at the same time; their results leave in order. */
const MOST_AT_ONCE = 32;
/** Events of one group that may wait for their execution before it lets go of the stream for a while. */
const MOST_WAITING = 1_000;

export interface GroupEnvironment {
  upstreams: Upstreams;
  sources: FetchSources;
  changes: Changes;
  cursorOfNow: CursorOfNow;
  turns: DeliveryTurns;
  log: Logger;
  tracing?: Tracing | undefined;
}

export interface GroupListener {
  /** A message is on its way to all members. */
  delivered(group: Group, message: Message): void;
  /** The group has no stream any more and takes no members. May be called twice. */
  closed(group: Group): void;
}

interface Received {
  /** What counted when it came. */
  prepared: PreparedSubscription;
  event: SubgraphAnswer;
  cursor: string | undefined;
}

/** A member and the group it is in at the moment: groups merge. */
export interface Seat {
  readonly member: Member;
  group: Group;
  /** Called before the member goes over to another group. */
  moves(other: Group): void;
  /** Told when the member is in no group any more. */
  left(): void;
}

/** All who watch the same with the same rights, from the same place: one stream, one execution, one serialisation. */
export class Group {
  /** Whether it began with "now", so that others who want to begin with now may join. */
  readonly isLive: boolean;
  readonly #broadcast: Broadcast;
  readonly #identity: InternalIdentity;
  readonly #environment: GroupEnvironment;
  readonly #pipeline: OrderedPipeline<Received, Message>;
  readonly #listener: GroupListener;
  #prepared: PreparedSubscription;
  #recent: RecentMessages;
  #session: UpstreamSession;
  #isClosed = false;
  /** What members are told once all that was received is delivered; undefined while the group goes on. */
  #lastWords: { errors: readonly GraphQLFormattedError[] | undefined } | undefined;
  #isPaused = false;

  constructor(
    prepared: PreparedSubscription,
    identity: InternalIdentity,
    environment: GroupEnvironment,
    listener: GroupListener,
  ) {
    const { after } = prepared;
    this.isLive = after === undefined;
    this.#prepared = prepared;
    this.#identity = identity;
    this.#environment = environment;
    this.#listener = listener;
    this.#recent = new RecentMessages(after);
    this.#broadcast = new Broadcast(environment.turns);
    this.#pipeline = new OrderedPipeline(
      (received) => toMessage(received, identity, environment),
      (message) => this.#emit(message),
      MOST_AT_ONCE,
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
   * Goes on under another schema: on the stream it has if that one is still the right one, otherwise on another behind the
   * last cursor. What came before is worked off under the schema it came under, and forgotten for those who join.
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

  /** What was delivered behind a cursor; undefined when this group cannot tell. */
  deliveredAfter(cursor: string): readonly Message[] | undefined {
    return this.#recent.after(cursor);
  }

  /** Lets one join who has everything up to the missed messages; he gets those first. */
  admit(seat: Seat, missed: readonly Message[]): void {
    if (seat.group !== this) seat.moves(this);
    seat.group = this;
    this.#broadcast.add(seat);
    if (missed.length > 0) seat.member.deliver(missed);
  }

  leave(seat: Seat): void {
    if (!this.#broadcast.remove(seat)) return;
    seat.left();
    if (this.#broadcast.size === 0) this.#close();
  }

  /** Everybody goes over to a group that delivers, from `missed` on, exactly what would come here. */
  moveTo(other: Group, missed: readonly Message[]): void {
    for (const seat of this.#broadcast.end()) other.admit(seat, missed);
    this.#close();
  }

  #receive(received: Received): void {
    this.#pipeline.push(received);
    if (this.#pipeline.waiting < MOST_WAITING || this.#isPaused) return;
    this.#isPaused = true;
    this.#session.pause();
  }

  #emit(message: Message): void {
    if (this.#isClosed) return;
    this.#recent.add(message);
    this.#broadcast.send(message);
    if (this.#isPaused && this.#pipeline.isIdle && !this.#lastWords) {
      this.#isPaused = false;
      this.#session.resume();
    }
    this.#listener.delivered(this, message);
    if (this.#lastWords && this.#pipeline.isIdle) this.#finish(this.#lastWords.errors);
  }

  /**
   * Ends it for all members, with errors or as complete. The events that were received are executed and delivered first;
   * nobody joins any more.
   */
  end(errors?: readonly GraphQLFormattedError[]): void {
    if (this.#isClosed || this.#lastWords) return;
    this.#lastWords = { errors };
    this.#session.stop();
    this.#listener.closed(this);
    if (this.#pipeline.isIdle) this.#finish(errors);
  }

  #finish(errors: readonly GraphQLFormattedError[] | undefined): void {
    const seats = this.#broadcast.end();
    this.#close();
    for (const seat of seats) {
      seat.left();
      seat.member.end(errors);
    }
  }

  #sessionAfter(after: string | undefined): UpstreamSession {
    const { upstreams, cursorOfNow, log } = this.#environment;
    const { plan, variables, trace } = this.#prepared;
    return new UpstreamSession({
      plan,
      trace,
      variables,
      identity: this.#identity,
      after,
      upstreams,
      cursorOfNow,
      log,
      started: (cursor) => this.#recent.startedAfter(cursor),
      event: (event, cursor) => this.#receive({ prepared: this.#prepared, event, cursor }),
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
  { prepared: { plan, variables, trace }, event, cursor }: Received,
  identity: InternalIdentity,
  { sources, changes, log, tracing }: GroupEnvironment,
): Promise<Message> {
  const name = `event of ${plan.primary.serviceName}`;
  const span = tracing?.begin(name, event.extensions, { follows: trace });
  let fault: string | undefined = 'INTERNAL_SERVER_ERROR';
  try {
    const subgraph = plan.primary.serviceName;
    const shown = event.errors && { errors: showSubgraphErrors(log, subgraph, event.errors) };
    const context = { variables, identity, sources, changes, log, span };
    const { errors, ...result } = await executeEvent(plan, { ...event, ...shown }, context);
    const masked = errors && { errors: errors.map((error) => maskFault(log, error)) };
    fault = faultOf(masked?.errors);
    return new Message({ ...masked, ...(result as SubscriptionResult) }, cursor);
  } catch (error) {
    return new Message({ errors: [maskFault(log, error)], data: null }, cursor);
  } finally {
    span?.end(fault);
  }
}
