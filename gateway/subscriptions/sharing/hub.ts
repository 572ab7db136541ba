import type { InternalIdentity } from '../../../shared/identity/internal-tokens.js';
import { claimSetKey } from '../../../shared/identity/claims.js';
import { Group, type GroupEnvironment, type Seat } from './group.js';
import type { Member, Message } from './message.js';
import type { PreparedSubscription } from '../planning/prepare.js';

/**
 * Who watches what. Subscriptions equal in schema, operation, variables and claim set are a family; within one, all who
 * began with "now" are one group, and those who go on from a cursor are caught up in groups of their own.
 *
 * Those merge by cursors alone. A cursor means: everything up to here has been delivered, and everything behind it
 * follows. So a group that has just delivered cursor c and a group that delivered c some messages ago differ by exactly
 * those messages. With them the first goes over into the second, and nobody loses a change or gets one twice.
 */
export class SubscriptionHub {
  readonly #environment: GroupEnvironment;
  readonly #families = new Map<string, Set<Group>>();

  constructor(environment: GroupEnvironment) {
    this.#environment = environment;
  }

  /** Returns how to leave. */
  join(prepared: PreparedSubscription, identity: InternalIdentity, member: Member): () => void {
    // The human behind a client is nobody's business here: what is shared must depend on the claim set alone.
    const { claims } = identity;
    const key = `${claimSetKey(claims)} ${prepared.key}`;
    const family = this.#families.get(key) ?? new Set();
    this.#families.set(key, family);

    const place = placeIn(family, prepared.after);
    const group = place?.group ?? this.#found(key, family, prepared, { claims });
    const seat: Seat = { member, group };
    group.admit(seat, place?.missed ?? []);
    if (!place) group.start();
    return () => seat.group.leave(seat);
  }

  count(): { groups: number; members: number } {
    const groups = [...this.#families.values()].flatMap((family) => [...family]);
    return { groups: groups.length, members: groups.reduce((sum, { size }) => sum + size, 0) };
  }

  #found(
    key: string,
    family: Set<Group>,
    prepared: PreparedSubscription,
    identity: InternalIdentity,
  ) {
    const group = new Group(prepared, identity, this.#environment, {
      delivered: (_, message) => merge(family, group, message),
      closed: () => {
        family.delete(group);
        if (family.size === 0) this.#families.delete(key);
      },
    });
    family.add(group);
    return group;
  }
}

/** The group of a family that a new member can join at once, and what it must be given first. */
function placeIn(family: Set<Group>, after: string | undefined) {
  for (const group of family) {
    if (after === undefined && group.isLive) return { group, missed: [] };
    const missed = after === undefined ? undefined : group.deliveredAfter(after);
    if (missed) return { group, missed };
  }
  return undefined;
}

function merge(family: Set<Group>, group: Group, { cursor }: Message): void {
  if (cursor === undefined) return;
  for (const other of family) {
    if (other === group) continue;
    const missedHere = other.deliveredAfter(cursor);
    if (!missedHere) continue;
    if (!group.isLive) {
      group.moveTo(other, missedHere);
      return;
    }
    // The other stands exactly where this one stands; were it ahead, it would be met when this one gets there.
    if (!other.isLive && missedHere.length === 0) other.moveTo(group, []);
  }
}
