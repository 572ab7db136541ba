import type { ClaimSet } from '../../../shared/identity/claims.js';
import { claimSetKey } from '../../../shared/identity/claims.js';
import type { InternalIdentity } from '../../../shared/identity/internal-tokens.js';
import type { Measures } from '../../monitoring/metrics.js';
import type { WatchRecords } from '../../recording/watch-records.js';
import type { OperationRequest, PreparedSubscription } from '../planning/prepare.js';
import { DeliveryTurns } from './delivery-scheduler.js';
import { merge, placeIn, type Family } from './group-merging.js';
import { Group, type GroupEnvironment, type Seat } from './group.js';
import type { Member } from './message.js';
import { joinRecorded } from './recorded-join.js';
import { noLongerValid, SCHEMA_CHANGED } from './schema-change.js';
import { SubjectGroups } from './subject-groups.js';
import {
  tooManyDifferent,
  tooManyOfClaimSet,
  type SubscriptionLimits,
} from './subscription-limits.js';

export interface HubEnvironment extends Omit<GroupEnvironment, 'turns'> {
  /** Under the supergraph that counts now. Throws OperationRefused. */
  prepare: (request: OperationRequest, claims: ClaimSet) => PreparedSubscription;
  limits: SubscriptionLimits;
  measures?: Pick<Measures, 'delivered'>;
  /** Records who watches. */
  watchRecords: Pick<WatchRecords, 'began' | 'ended'>;
}

/**
 * Who watches what. Subscriptions equal in schema, operation, variables and claim set are a family; within one, all who
 * began with "now" are one group, and those who go on from a cursor are caught up in groups of their own and merge.
 */
export class SubscriptionHub {
  readonly #environment: HubEnvironment & GroupEnvironment;
  readonly #families = new Map<string, Family>();
  readonly #keys = new Map<Group, string>();
  /** Members by claim set. */
  readonly #members = new Map<string, number>();
  readonly #subjects = new SubjectGroups();

  constructor(environment: HubEnvironment) {
    this.#environment = { ...environment, turns: new DeliveryTurns() };
  }

  /** Returns how to leave. One who may not join is told so, as one whose subscription ends. */
  join(prepared: PreparedSubscription, identity: InternalIdentity, member: Member): () => void {
    const { watch, request, trace } = prepared;
    if (!watch) return this.#join(prepared, identity, member);
    const { log, prepare, watchRecords } = this.#environment;
    // The schema may change while the beginning is stored.
    const join = (counted: Member) => {
      const current = prepare(request, identity.claims);
      return this.#join({ ...current, ...(trace && { trace }) }, identity, counted);
    };
    return joinRecorded(member, join, {
      began: () => watchRecords.began(watch, identity),
      ended: (messages) => watchRecords.ended(watch, identity, messages),
      log,
    });
  }

  #join(prepared: PreparedSubscription, identity: InternalIdentity, member: Member): () => void {
    const rights = claimSetKey(identity.claims);
    const { limits } = this.#environment;
    if ((this.#members.get(rights) ?? 0) >= limits.perClaimSet) {
      member.end([tooManyOfClaimSet(limits)]);
      return () => {};
    }
    const watcher = watcherOf(prepared, identity);
    const key = keyOf(prepared, watcher);
    const place = placeIn(this.#families.get(key) ?? new Set(), prepared.after);
    const subject = identity.subject ?? '';
    const isMore = !place || !this.#subjects.has(subject, place.group);
    const most = mostDifferent(limits, identity.claims);
    if (isMore && this.#subjects.count(subject) >= most) {
      member.end([tooManyDifferent(most)]);
      return () => {};
    }
    const group = place?.group ?? this.#found(key, prepared, watcher);
    const seat = this.#seat(member, group, rights, subject);
    group.admit(seat, place?.missed ?? []);
    if (!place) group.start();
    return () => seat.group.leave(seat);
  }

  /** Counts the member where it is, until it leaves. */
  #seat(member: Member, group: Group, rights: string, subject: string): Seat {
    const seat: Seat = {
      member,
      group,
      moves: (other) => {
        this.#subjects.leave(subject, seat.group);
        this.#subjects.enter(subject, other);
      },
      left: () => {
        this.#subjects.leave(subject, seat.group);
        this.#count(rights, -1);
      },
    };
    this.#subjects.enter(subject, group);
    this.#count(rights, 1);
    return seat;
  }

  count(): { groups: number; members: number } {
    const groups = [...this.#keys.keys()];
    return { groups: groups.length, members: groups.reduce((sum, { size }) => sum + size, 0) };
  }

  /**
   * Takes every group over to the supergraph that counts now. One after the other, with room for requests in between:
   * planning takes milliseconds for each.
   */
  async schemaChanged(): Promise<void> {
    for (const group of [...this.#keys.keys()]) {
      if (this.#keys.has(group)) this.#prepareAnew(group);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #prepareAnew(group: Group): void {
    const { prepare, log } = this.#environment;
    let prepared: PreparedSubscription;
    try {
      prepared = prepare(group.prepared.request, group.identity.claims);
    } catch (error) {
      group.end(noLongerValid(log, error));
      return;
    }
    const key = keyOf(prepared, group.identity);
    if (key === this.#keys.get(group)) return;
    if (prepared.isAudited !== group.prepared.isAudited || !isRecordedAlike(prepared, group)) {
      group.end([SCHEMA_CHANGED]); // with whom it may be shared has changed, or what is recorded of who watches
      return;
    }
    this.#remove(group);
    this.#add(group, key);
    group.continueWith(prepared);
  }

  #found(key: string, prepared: PreparedSubscription, watcher: InternalIdentity): Group {
    const group = new Group(prepared, watcher, this.#environment, {
      delivered: (_, message) => {
        this.#environment.measures?.delivered(group.size, message.bytes.length);
        const family = this.#families.get(this.#keys.get(group) ?? '');
        if (family) merge(family, group, message);
      },
      closed: () => this.#remove(group),
    });
    this.#add(group, key);
    return group;
  }

  #add(group: Group, key: string): void {
    const family: Family = this.#families.get(key) ?? new Set();
    this.#families.set(key, family.add(group));
    this.#keys.set(group, key);
  }

  #remove(group: Group): void {
    const key = this.#keys.get(group) ?? '';
    this.#keys.delete(group);
    const family = this.#families.get(key);
    family?.delete(group);
    if (family?.size === 0) this.#families.delete(key);
  }

  #count(rights: string, change: 1 | -1): void {
    const count = (this.#members.get(rights) ?? 0) + change;
    if (count === 0) this.#members.delete(rights);
    else this.#members.set(rights, count);
  }
}

function mostDifferent(limits: SubscriptionLimits, { roles }: ClaimSet): number {
  return roles.includes('service') ? limits.differentPerService : limits.differentPerSubject;
}

function isRecordedAlike(one: PreparedSubscription, other: Group): boolean {
  const [recordings, known] = [one.plan.recordings, other.prepared.plan.recordings];
  return JSON.stringify(recordings) === JSON.stringify(known);
}

/** The human behind a client is nobody's business here, unless what he watches is audited: then it is his alone. */
function watcherOf(
  { isAudited }: PreparedSubscription,
  { claims, subject }: InternalIdentity,
): InternalIdentity {
  return isAudited && subject !== undefined ? { claims, subject } : { claims };
}

function keyOf({ key }: PreparedSubscription, { claims, subject }: InternalIdentity): string {
  return `${claimSetKey(claims)} ${JSON.stringify(subject ?? null)} ${key}`;
}
