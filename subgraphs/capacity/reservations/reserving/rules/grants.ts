import type { BedCategory, ReservationMode } from '../../../generated/graphql.js';
import { lastsForArrival } from '../../../sustainability/rules.js';
import type { SlotRequest } from './requests.js';

/** The remaining slots of one kind in one facility. */
export interface RemainingSlots {
  /** Null where the facility has stated no numbers. */
  free: number | null;
  stale: boolean;
  /** The category whose beds these are, where another stands for the one requested. */
  countedAs?: BedCategory;
  /** Whether nothing is left because the facility cannot sustain these beds. */
  isUnsustained?: boolean;
  /** The hour of failure of a facility that takes no casualties because of it; left out where it does. */
  failsAt?: Date;
}

/** The terms of a call. */
export interface Terms {
  mode: ReservationMode;
  acceptStale: boolean;
  now: Date;
}

/** An item that cannot be given in full, with what was left when the items before it had theirs. */
export interface ShortfallFacts extends Pick<RemainingSlots, 'free' | 'stale'> {
  item: number;
  facility: string;
  category: SlotRequest['category'];
  intake: SlotRequest['intake'];
  requested: number;
  notSustainable: boolean;
}

export interface NoFreeSlotRefusal {
  __typename: 'NoFreeSlot';
  message: string;
  shortfalls: ShortfallFacts[];
}

/** Names a kind of slot in a facility, for looking up what is left of it. */
export function slotKey({ facility, category, intake }: Omit<SlotRequest, 'count'>): string {
  return `${facility} ${category ?? intake}`;
}

/** The remaining slots where nothing is known. */
const UNKNOWN: RemainingSlots = { free: null, stale: true };

/**
 * Returns how many slots each request gets of what is left, in the order of the requests, or the refusal. The caller holds the
 * locks of all facilities named, so that nobody else reserves what is left meanwhile.
 *
 * Of two requests for the same slots the first is served first. One that would be granted in part gets nothing in
 * ALL_OR_NOTHING, so that the refusal names only what is really short.
 */
export function grant(
  requests: readonly SlotRequest[],
  left: ReadonlyMap<string, RemainingSlots>,
  { mode, acceptStale, now }: Terms,
): number[] | NoFreeSlotRefusal {
  const granted = new Map<string, number>();
  const shortfalls: ShortfallFacts[] = [];
  const counts = requests.map((request, item) => {
    const slots = left.get(slotKey(request)) ?? UNKNOWN;
    const { free, stale, countedAs } = slots;
    const slot = slotKey(countedAs ? { ...request, category: countedAs } : request);
    const before = granted.get(slot) ?? 0;
    const remaining = free === null ? null : free - before;
    const notSustainable = slots.isUnsustained ?? isFailing(slots, request, now);
    const isUsable = remaining !== null && !notSustainable && (!stale || acceptStale);
    const usable = isUsable ? remaining : 0;
    if (usable < request.count) {
      const { facility, category, intake, count: requested } = request;
      const facts = { item, facility, category, intake, requested, free: remaining, stale };
      shortfalls.push({ ...facts, notSustainable });
      if (mode === 'ALL_OR_NOTHING') return 0;
    }
    const count = Math.min(usable, request.count);
    granted.set(slot, before + count);
    return count;
  });
  const isRefused =
    mode === 'ALL_OR_NOTHING' ? shortfalls.length > 0 : counts.every((count) => count === 0);
  return isRefused ? noFreeSlot(shortfalls, requests.length, mode) : counts;
}

/** Whether the facility fails before patients who are sent there now could be treated. */
function isFailing(
  { failsAt }: RemainingSlots,
  { intake, arrivesInMinutes, onlySustained }: SlotRequest,
  now: Date,
): boolean {
  if (!failsAt) return false;
  if (failsAt <= now) return true;
  if (!onlySustained) return false;
  return intake !== 'SK_I' || !lastsForArrival(failsAt, arrivesInMinutes ?? Infinity, now);
}

function noFreeSlot(
  shortfalls: ShortfallFacts[],
  items: number,
  mode: ReservationMode,
): NoFreeSlotRefusal {
  const first = shortfalls[0]!;
  const what = first.category ?? first.intake ?? '';
  const remedy =
    mode === 'ALL_OR_NOTHING'
      ? 'Take one of the alternatives, or request AS_MANY_AS_POSSIBLE.'
      : 'Take one of the alternatives.';
  return {
    __typename: 'NoFreeSlot',
    message: `${shortfalls.length} of ${items} items cannot be given in full; the first is item ${first.item} (counted from 0): ${first.requested} × ${what} requested, ${reasonOf(first)}. Nothing was reserved. ${remedy}`,
    shortfalls,
  };
}

function reasonOf({ free, stale, notSustainable }: ShortfallFacts): string {
  if (notSustainable) return 'the facility cannot sustain its care';
  if (free === null) return 'no numbers known';
  return stale ? `${free} left by numbers that are stale` : `${free} left`;
}
