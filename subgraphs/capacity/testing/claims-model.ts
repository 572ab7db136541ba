import { DAY_MS } from '../../../shared/time/rules.js';

/** The numbers of two facilities as the rules say them, computed again from everything that ever happened. */
export class ClaimsModel {
  readonly reports: ModelReport[] = [];
  readonly items: ModelItem[] = [];
  readonly holds: ModelHold[] = [];
  readonly limits: ModelLimit[] = [];
  /** Whether a mass casualty is declared, from which on all holds count. */
  isCrisis = false;

  /** Null where nothing was reported. */
  bedsOf(facility: string, category: string, now: number) {
    const report = this.#inForce(facility, category, now);
    if (!report) return null;
    const items = this.items.filter((item) => item.facility === facility && item.slot === category);
    const { operable, blocked } = report;
    const reserved = sum(items.filter((item) => isKept(item, now)));
    const arrived = items.filter(
      ({ redeemedAt }) => redeemedAt !== undefined && redeemedAt > report.knownAt,
    );
    const occupied = report.occupied + sum(arrived);
    const holds = this.holds.filter((hold) => hold.facility === facility && hold.slot === category);
    const held = this.isCrisis ? 0 : sum(holds);
    const left = operable - occupied - reserved - blocked - held;
    return {
      operable,
      occupied,
      reserved,
      blocked,
      held,
      free: left > 0 ? left : 0,
      overcommitted: left < 0 ? -left : 0,
      stale: now >= report.observedAt + DAY_MS,
    };
  }

  /** Null where nothing was declared. */
  intakeOf(facility: string, now: number) {
    const declared = this.limits.filter((limit) => limit.facility === facility).at(-1);
    if (!declared) return null;
    const items = this.items.filter((item) => item.facility === facility && item.slot === 'SK_I');
    const treated = items.filter(
      ({ redeemedAt }) =>
        redeemedAt !== undefined && redeemedAt > now - DAY_MS && redeemedAt > declared.at,
    );
    const reserved = sum(items.filter((item) => isKept(item, now))) + sum(treated);
    return {
      limit: declared.limit,
      reserved,
      free: Math.max(0, declared.limit - reserved),
    };
  }

  /** Returns the slots that a reservation gets, item by item; undefined when it is refused. */
  grants(slotRequests: readonly ModelRequest[], mode: string, acceptStale: boolean, now: number) {
    const granted = new Map<string, number>();
    const counts: number[] = [];
    let isShort = false;
    for (const { facility, slot, count } of slotRequests) {
      const key = `${facility} ${slot}`;
      const left = this.#usable(facility, slot, acceptStale, now) - (granted.get(key) ?? 0);
      const given = left >= count ? count : mode === 'ALL_OR_NOTHING' ? 0 : left;
      isShort ||= given < count;
      granted.set(key, (granted.get(key) ?? 0) + given);
      counts.push(given);
    }
    const isRefused = mode === 'ALL_OR_NOTHING' ? isShort : counts.every((count) => count === 0);
    return isRefused ? undefined : counts;
  }

  #usable(facility: string, slot: string, acceptStale: boolean, now: number): number {
    if (slot === 'SK_I') return this.intakeOf(facility, now)?.free ?? 0;
    const beds = this.bedsOf(facility, slot, now);
    return !beds || (beds.stale && !acceptStale) ? 0 : beds.free;
  }

  /** The facility's own newest while it is fresh, otherwise the newest of all. Of two for one instant the first stands. */
  #inForce(facility: string, category: string, now: number): ModelReport | undefined {
    const newest = (reports: ModelReport[]) =>
      reports.reduce<ModelReport | undefined>(
        (best, report) => (best && best.knownAt >= report.knownAt ? best : report),
        undefined,
      );
    const mine = this.reports.filter(
      (report) => report.facility === facility && report.slot === category,
    );
    const own = newest(mine.filter(({ isModelled }) => !isModelled));
    const modelled = newest(mine.filter(({ isModelled }) => isModelled));
    if (own && own.observedAt + DAY_MS > now) return own;
    return newest([own, modelled].filter((report) => report !== undefined));
  }
}

interface Slot {
  facility: string;
  /** A category of beds, or SK_I. */
  slot: string;
}
export interface ModelRequest extends Slot {
  count: number;
}
export interface ModelHold extends Slot {
  id: string;
  count: number;
}
interface ModelReport extends Slot {
  isModelled: boolean;
  observedAt: number;
  /** When it was observed, or received where a clock ran ahead. */
  knownAt: number;
  operable: number;
  occupied: number;
  blocked: number;
}
interface ModelLimit {
  facility: string;
  limit: number;
  at: number;
}
export interface ModelItem extends Slot {
  id: string;
  reservation: string;
  count: number;
  expiresAt: number;
  isConfirmed: boolean;
  isReleased: boolean;
  redeemedAt: number | undefined;
}

export function isKept({ isReleased, redeemedAt, expiresAt, count }: ModelItem, now: number) {
  return count > 0 && !isReleased && redeemedAt === undefined && expiresAt > now;
}

const sum = (counted: readonly { count: number }[]) =>
  counted.reduce((total, { count }) => total + count, 0);
