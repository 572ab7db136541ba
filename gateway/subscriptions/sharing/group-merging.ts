import type { Group } from './group.js';
import type { Message } from './message.js';

/** Groups with the same sharing key: they deliver the same messages to callers with equal rights, from different cursors. */
export type EquivalentGroups = Set<Group>;

/** Returns the group that a new subscriber can join at once, and the messages it has missed. */
export function groupToJoin(equivalents: EquivalentGroups, after: string | undefined) {
  for (const group of equivalents) {
    if (after === undefined && group.isLive) return { group, missed: [] };
    const missed = after === undefined ? undefined : group.deliveredAfter(after);
    if (missed) return { group, missed };
  }
  return undefined;
}

/**
 * Merges groups by cursors alone. A cursor means that everything up to it has been delivered and everything after it follows. So
 * a group that has just delivered cursor c and a group that delivered c some messages ago differ by exactly those messages.
 * With them the first moves into the second, and no subscriber loses a change or gets one twice.
 */
export function merge(equivalents: EquivalentGroups, group: Group, { cursor }: Message): void {
  if (cursor === undefined) return;
  for (const other of equivalents) {
    if (other === group) continue;
    const missedHere = other.deliveredAfter(cursor);
    if (!missedHere) continue;
    // Two live groups meet only when a change of the schema made them equal.
    if (!group.isLive || other.isLive) {
      group.moveTo(other, missedHere);
      return;
    }
    // The other is at exactly the same cursor; if it were ahead, they would merge when this one gets there.
    if (missedHere.length === 0) other.moveTo(group, []);
  }
}
