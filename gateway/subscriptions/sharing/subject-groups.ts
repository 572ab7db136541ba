import type { Group } from './group.js';

/**
 * The groups in which each subject has subscribers, with the number of those. A group counts once, however many subscribers the
 * subject has in it.
 */
export class SubjectGroups {
  readonly #bySubject = new Map<string, Map<Group, number>>();

  count(subject: string): number {
    return this.#bySubject.get(subject)?.size ?? 0;
  }

  has(subject: string, group: Group): boolean {
    return this.#bySubject.get(subject)?.has(group) ?? false;
  }

  enter(subject: string, group: Group): void {
    const groups = this.#bySubject.get(subject) ?? new Map<Group, number>();
    this.#bySubject.set(subject, groups);
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }

  leave(subject: string, group: Group): void {
    const groups = this.#bySubject.get(subject);
    const members = groups?.get(group);
    if (!groups || members === undefined) return;
    if (members > 1) groups.set(group, members - 1);
    else groups.delete(group);
    if (groups.size === 0) this.#bySubject.delete(subject);
  }
}
