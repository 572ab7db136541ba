import type { Group } from './group.js';
import type { Message } from './message.js';

/** Groups that deliver the same to callers of equal rights, from different places in the stream. */
export type Family = Set<Group>;

/** The group of a family that a new member can join at once, and what it must be given first. */
export function placeIn(family: Family, after: string | undefined) {
  for (const group of family) {
    if (after === undefined && group.isLive) return { group, missed: [] };
    const missed = after === undefined ? undefined : group.deliveredAfter(after);
    if (missed) return { group, missed };
  }
  return undefined;
}

/**
 * Groups merge by cursors alone. A cursor means: everything up to here has been delivered, and everything behind it
 * follows. So a group that has just delivered cursor c and a group that delivered c some messages ago differ by exactly
 * those messages. With them the first goes over into the second, and nobody loses a change or gets one twice.
 */
export function merge(family: Family, group: Group, { cursor }: Message): void {
  if (cursor === undefined) return;
  for (const other of family) {
    if (other === group) continue;
    const missedHere = other.deliveredAfter(cursor);
    if (!missedHere) continue;
    // Two live ones meet only when a change of the schema made them equal.
    if (!group.isLive || other.isLive) {
      group.moveTo(other, missedHere);
      return;
    }
    // The other stands exactly where this one stands; were it ahead, it would be met when this one gets there.
    if (missedHere.length === 0) other.moveTo(group, []);
  }
}
