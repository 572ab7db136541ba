import type { GraphQLFormattedError } from 'graphql';
import type { ServiceMap } from '@apollo/gateway';
import type { Logger } from 'pino';
import type { InternalIdentity } from '../../../shared/identity/internal-tokens.js';
import type { CursorOfNow } from '../../federation/cursor-of-now.js';
import { maskFault } from '../../faults/mask.js';
import { showSubgraphErrors } from '../../faults/subgraph-errors.js';
import { executeEvent, type SubgraphEvent } from '../planning/execute-event.js';
import { Message, type Member } from './message.js';
import { OrderedPipeline } from './ordered-pipeline.js';
import type { PreparedSubscription } from '../planning/prepare.js';
import { RecentMessages } from './recent-messages.js';
import { UpstreamSession } from '../upstream/upstream-session.js';
import type { Upstreams } from '../upstream/upstreams.js';

/** Executions of one group at the same time; their results leave in order. */
const MOST_AT_ONCE = 32;
/** Events of one group that may wait for their execution before it lets go of the stream for a while. */
const MOST_WAITING = 1_000;

export interface GroupEnvironment {
  upstreams: Upstreams;
  sources: ServiceMap;
  cursorOfNow: CursorOfNow;
  log: Logger;
}

export interface GroupListener {
  /** A message went to all members. */
  delivered(group: Group, message: Message): void;
  /** The group has neither members nor a stream any more. */
  closed(group: Group): void;
}

interface Received {
  event: SubgraphEvent;
  cursor: string | undefined;
}

/** A member and the group it is in at the moment: groups merge. */
export interface Seat {
  readonly member: Member;
  group: Group;
}

/** All who watch the same with the same rights, from the same place: one stream, one execution, one serialisation. */
export class Group {
  /** Whether it began with "now", so that others who want to begin with now may join. */
  readonly isLive: boolean;
  readonly #seats = new Set<Seat>();
  readonly #recent: RecentMessages;
  readonly #session: UpstreamSession;
  readonly #pipeline: OrderedPipeline<Received, Message>;
  readonly #listener: GroupListener;
  #isClosed = false;
  #isPaused = false;

  constructor(
    prepared: PreparedSubscription,
    identity: InternalIdentity,
    environment: GroupEnvironment,
    listener: GroupListener,
  ) {
    const { plan, variables, after } = prepared;
    this.isLive = after === undefined;
    this.#listener = listener;
    this.#recent = new RecentMessages(after);
    this.#pipeline = new OrderedPipeline(
      (received) => toMessage(received, prepared, identity, environment),
      (message) => this.#emit(message),
      MOST_AT_ONCE,
    );
    this.#session = new UpstreamSession({
      plan,
      variables,
      identity,
      after,
      upstreams: environment.upstreams,
      cursorOfNow: environment.cursorOfNow,
      log: environment.log,
      started: (cursor) => this.#recent.startedAfter(cursor),
      event: (event, cursor) => this.#receive({ event, cursor }),
      ended: (errors) => this.#finish(errors),
    });
  }

  start(): void {
    void this.#session.start();
  }

  get size(): number {
    return this.#seats.size;
  }

  /** What was delivered behind a cursor; undefined when this group cannot tell. */
  deliveredAfter(cursor: string): readonly Message[] | undefined {
    return this.#recent.after(cursor);
  }

  /** Lets one join who has everything up to the missed messages; he gets those first. */
  admit(seat: Seat, missed: readonly Message[]): void {
    seat.group = this;
    this.#seats.add(seat);
    if (missed.length > 0) seat.member.deliver(missed);
  }

  leave(seat: Seat): void {
    if (this.#seats.delete(seat) && this.#seats.size === 0) this.#close();
  }

  /** Everybody goes over to a group that delivers, from `missed` on, exactly what would come here. */
  moveTo(other: Group, missed: readonly Message[]): void {
    for (const seat of this.#seats) other.admit(seat, missed);
    this.#seats.clear();
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
    for (const { member } of this.#seats) member.deliver([message]);
    if (this.#isPaused && this.#pipeline.isIdle) {
      this.#isPaused = false;
      this.#session.resume();
    }
    this.#listener.delivered(this, message);
  }

  #finish(errors: readonly GraphQLFormattedError[]): void {
    const seats = [...this.#seats];
    this.#seats.clear();
    this.#close();
    for (const { member } of seats) member.end(errors);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#session.stop();
    this.#listener.closed(this);
  }
}

async function toMessage(
  { event, cursor }: Received,
  { plan, variables }: PreparedSubscription,
  identity: InternalIdentity,
  { sources, log }: GroupEnvironment,
): Promise<Message> {
  try {
    const subgraph = plan.primary.serviceName;
    const shown = event.errors && { errors: showSubgraphErrors(log, subgraph, event.errors) };
    const context = { variables, identity, sources, log };
    const { errors, ...result } = await executeEvent(plan, { ...event, ...shown }, context);
    const masked = errors && { errors: errors.map((error) => maskFault(log, error)) };
    return new Message({ ...masked, ...(result as Message['result']) }, cursor);
  } catch (error) {
    return new Message({ errors: [maskFault(log, error)], data: null }, cursor);
  }
}
