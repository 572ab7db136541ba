import type { Group } from './group.js';
import type { Message } from './message.js';

/** Groups with the same sharing key: they deliver the same messages to callers with equal rights, from different cursors. */
export type EquivalentGroups = Set<Group>;

/** Returns the group that a new subscriber can join at once, and the messages it has missed. */
export function groupToJoin(equivalents: EquivalentGroups, after: string | undefined) {
  for (const group of equivalents) {
    if (after === undefined && group.isLive) return { group, missed: [] };
    const missed = after === undefined ? undefined : group.deliveredAfter(after);
    if (missed && endsCatchUp(group, missed)) return { group, missed };
  }
  return undefined;
}

/** Whether a subscriber that gets these messages, and then those of the group, gets a mark when it has caught up. */
function endsCatchUp(group: Group, missed: readonly Message[]): boolean {
  const sendsMarks = group.prepared.plan.resume?.caughtUpAlias !== undefined;
  return !sendsMarks || group.isCatchingUp || missed.at(-1)?.isMark === true;
}

/**
 * Merges groups by cursors alone. A cursor means that everything up to it has been delivered and everything after it follows. So
 * a group that has just delivered cursor c and a group that delivered c some messages ago differ by exactly those messages.
 * With them the first moves into the second, and no subscriber loses a change or gets one twice.
 *
 * A group that resumed moves once it has delivered its mark. Nothing lies between the message before a mark and the mark, so that it
 * may also meet the other at the cursor of that message.
 */
export function merge(equivalents: EquivalentGroups, group: Group, message: Message): void {
  if (message.cursor === undefined || group.isCatchingUp) return;
  for (const other of equivalents) {
    if (other === group || other.isCatchingUp) continue;
    const missedHere =
      other.deliveredAfter(message.cursor) ??
      (message.isMark && group.previousCursor !== undefined
        ? other.deliveredAfter(group.previousCursor)
        : undefined);
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
