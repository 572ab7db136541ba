import {
  type ClaimSet,
  claimSetKey,
  type InternalIdentity,
} from '../../../shared/identity/index.js';
import type { Metrics } from '../../monitoring/index.js';
import type { SubscriptionRecorder } from '../../recording/index.js';
import type { OperationRequest, PreparedSubscription } from '../planning/index.js';
import { DeliveryScheduler } from './delivery-scheduler.js';
import { merge, groupToJoin, type EquivalentGroups } from './group-merging.js';
import { Group, type GroupEnvironment, type Membership } from './group.js';
import type { Subscriber } from './message.js';
import { joinRecorded } from './recorded-join.js';
import { noLongerValid, SCHEMA_CHANGED } from './schema-change.js';
import { SubjectGroups } from './subject-groups.js';
import {
  tooManyDifferent,
  tooManyOfClaimSet,
  type SubscriptionLimits,
} from './subscription-limits.js';

export interface HubEnvironment extends Omit<GroupEnvironment, 'scheduler'> {
  /** Prepares under the current supergraph. Throws OperationRefusal. */
  prepare: (request: OperationRequest, claims: ClaimSet) => PreparedSubscription;
  limits: SubscriptionLimits;
  metrics?: Pick<Metrics, 'countDelivered'>;
  /** Records subscribers. */
  subscriptionRecorder: Pick<SubscriptionRecorder, 'recordStart' | 'recordEnd'>;
}

/**
 * Shares subscriptions. Those that are equal in schema, operation, variables and claim set have one sharing key; with one key,
 * all that began with the current cursor are one group, and those that resume catch up in groups of their own and merge.
 */
export class SubscriptionHub {
  readonly #environment: HubEnvironment & GroupEnvironment;
  readonly #equivalents = new Map<string, EquivalentGroups>();
  readonly #keys = new Map<Group, string>();
  /** Subscribers by claim set. */
  readonly #subscriberCounts = new Map<string, number>();
  readonly #subjects = new SubjectGroups();

  constructor(environment: HubEnvironment) {
    this.#environment = { ...environment, scheduler: new DeliveryScheduler() };
  }

  /** Returns a function that leaves. A subscriber who may not join is ended with an error. */
  join(
    prepared: PreparedSubscription,
    identity: InternalIdentity,
    subscriber: Subscriber,
  ): () => void {
    const { watch, request, after, trace } = prepared;
    if (!watch) return this.#join(prepared, identity, subscriber);
    const { log, prepare, subscriptionRecorder } = this.#environment;
    // The schema may change while the beginning is recorded.
    const join = (counted: Subscriber) => {
      const current = prepare(request, identity.claims);
      return this.#join({ ...current, after, ...(trace && { trace }) }, identity, counted);
    };
    return joinRecorded(subscriber, join, {
      recordStart: () => subscriptionRecorder.recordStart(watch, identity),
      recordEnd: (messages) => subscriptionRecorder.recordEnd(watch, identity, messages),
      log,
    });
  }

  #join(
    prepared: PreparedSubscription,
    identity: InternalIdentity,
    subscriber: Subscriber,
  ): () => void {
    const rights = claimSetKey(identity.claims);
    const { limits } = this.#environment;
    if ((this.#subscriberCounts.get(rights) ?? 0) >= limits.perClaimSet) {
      subscriber.end([tooManyOfClaimSet(limits)]);
      return () => {};
    }
    const groupIdentity = sharedIdentity(prepared, identity);
    const key = keyOf(prepared, groupIdentity);
    const existing = groupToJoin(this.#equivalents.get(key) ?? new Set(), prepared.after);
    const subject = identity.subject ?? '';
    const isMore = !existing || !this.#subjects.has(subject, existing.group);
    const most = mostDifferent(limits, identity.claims);
    if (isMore && this.#subjects.count(subject) >= most) {
      subscriber.end([tooManyDifferent(most)]);
      return () => {};
    }
    const group = existing?.group ?? this.#createGroup(key, prepared, groupIdentity);
    const membership = this.#membership(subscriber, group, rights, subject);
    group.admit(membership, existing?.missed ?? []);
    if (!existing) group.start();
    return () => membership.group.leave(membership);
  }

  /** Counts the subscriber in its current group, until it leaves. */
  #membership(subscriber: Subscriber, group: Group, rights: string, subject: string): Membership {
    const membership: Membership = {
      subscriber,
      group,
      onMove: (other) => {
        this.#subjects.leave(subject, membership.group);
        this.#subjects.enter(subject, other);
      },
      onLeave: () => {
        this.#subjects.leave(subject, membership.group);
        this.#count(rights, -1);
      },
    };
    this.#subjects.enter(subject, group);
    this.#count(rights, 1);
    return membership;
  }

  count(): { groups: number; subscribers: number } {
    const groups = [...this.#keys.keys()];
    return { groups: groups.length, subscribers: groups.reduce((sum, { size }) => sum + size, 0) };
  }

  /**
   * Moves every group to the current supergraph, one after the other, and yields to requests in between: planning takes
   * milliseconds for each.
   */
  async schemaChanged(): Promise<void> {
    for (const group of [...this.#keys.keys()]) {
      if (this.#keys.has(group)) this.#prepareAgain(group);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #prepareAgain(group: Group): void {
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
      group.end([SCHEMA_CHANGED]); // the schema changes with whom it may be shared, or what is recorded
      return;
    }
    this.#remove(group);
    this.#add(group, key);
    group.continueWith(prepared);
  }

  #createGroup(
    key: string,
    prepared: PreparedSubscription,
    groupIdentity: InternalIdentity,
  ): Group {
    const group = new Group(prepared, groupIdentity, this.#environment, {
      delivered: (_, message) => {
        this.#environment.metrics?.countDelivered(group.size, message.bytes.length);
        const equivalents = this.#equivalents.get(this.#keys.get(group) ?? '');
        if (equivalents) merge(equivalents, group, message);
      },
      closed: () => this.#remove(group),
    });
    this.#add(group, key);
    return group;
  }

  #add(group: Group, key: string): void {
    const equivalents: EquivalentGroups = this.#equivalents.get(key) ?? new Set();
    this.#equivalents.set(key, equivalents.add(group));
    this.#keys.set(group, key);
  }

  #remove(group: Group): void {
    const key = this.#keys.get(group) ?? '';
    this.#keys.delete(group);
    const equivalents = this.#equivalents.get(key);
    equivalents?.delete(group);
    if (equivalents?.size === 0) this.#equivalents.delete(key);
  }

  #count(rights: string, change: 1 | -1): void {
    const count = (this.#subscriberCounts.get(rights) ?? 0) + change;
    if (count === 0) this.#subscriberCounts.delete(rights);
    else this.#subscriberCounts.set(rights, count);
  }
}

function mostDifferent(limits: SubscriptionLimits, { roles }: ClaimSet): number {
  return roles.includes('service') ? limits.differentPerService : limits.differentPerSubject;
}

function isRecordedAlike(one: PreparedSubscription, other: Group): boolean {
  const [recordings, known] = [one.plan.recordings, other.prepared.plan.recordings];
  return JSON.stringify(recordings) === JSON.stringify(known);
}

/** Drops the subject, unless an audited field is selected: then the subscription is not shared. */
function sharedIdentity(
  { isAudited }: PreparedSubscription,
  { claims, subject }: InternalIdentity,
): InternalIdentity {
  return isAudited && subject !== undefined ? { claims, subject } : { claims };
}

function keyOf({ key }: PreparedSubscription, { claims, subject }: InternalIdentity): string {
  return `${claimSetKey(claims)} ${JSON.stringify(subject ?? null)} ${key}`;
}
