import { MINUTE_MS } from '../../../../../shared/time/rules.js';
import { invalid, outOfRange, type WithTypename } from '../../../../../shared/validation/rules.js';
import type {
  BedCategory,
  ExpiryOutOfRange,
  InvalidReservationItem,
  ReservationItemInput,
  ReservationKind,
  ReserveBedsInput,
  TriageCategory,
} from '../../../generated/graphql.js';

/** The most items of one call: every casualty of a large event by themselves, over all of Germany. */
export const MOST_ITEMS = 10_000;
/** The most slots of one item, as many as a report may state of beds. */
export const MOST_SLOTS = 5_000;
/**
 * How long slots are kept when nobody says otherwise (our policy): the way from the scene to the facility, and the time it
 * takes to prepare a relocation. Short enough that a lost ambulance does not block a bed for a day.
 */
export const KEPT_MINUTES: Readonly<Record<ReservationKind, number>> = {
  PRIMARY: 30,
  STRATEGIC: 6 * 60,
};
/**
 * The furthest a slot is kept ahead, and how long a confirmed one is. The ROR counts a bed as reserved for an identified
 * patient who is expected within 24 hours (ansforge/IG-fhir-repertoire-offre-ressources-sante, TRE_R330).
 */
export const LONGEST_HOURS = 24;
/** Nobody is on the way for longer than a slot is kept. */
const MOST_MINUTES = LONGEST_HOURS * 60;

/** Slots of one kind in one facility, as requested. */
export interface SlotRequest {
  facility: string;
  category: BedCategory | null;
  intake: TriageCategory | null;
  count: number;
  /** Until the patients arrive; left out where it is not known. */
  arrivesInMinutes?: number;
  /** Whether slots of a facility that fails soon are refused. */
  onlySustained?: true;
}

/** The requests of a call that are valid by themselves. */
export interface SlotRequests {
  requests: SlotRequest[];
  expiresAt: Date;
}

export type RequestsRefusal = WithTypename<InvalidReservationItem> | WithTypename<ExpiryOutOfRange>;

/** Judges what is requested by itself, before anybody looks for slots. */
export function judgeRequests(
  { items, kind, until: given }: ReserveBedsInput,
  now: Date,
): SlotRequests | RequestsRefusal {
  for (const [position, item] of items.entries()) {
    const fault = faultOf(item);
    if (fault) return invalidItem(position, fault);
  }
  const until = given ?? minutesAfter(now, KEPT_MINUTES[kind]);
  return (
    expiryOutOfRange(until, now) ?? {
      expiresAt: until,
      requests: items.map(requestOf),
    }
  );
}

function requestOf({ facility, arrivesInMinutes, onlySustained, ...item }: ReservationItemInput) {
  return {
    facility,
    category: item.category ?? null,
    intake: item.intake ?? null,
    count: item.count ?? 1,
    ...(arrivesInMinutes == null ? {} : { arrivesInMinutes }),
    ...(onlySustained ? { onlySustained } : {}),
  };
}

/** Why a time to lapse is none; undefined when it is one. */
export function expiryOutOfRange(
  expiresAt: Date,
  now: Date,
): WithTypename<ExpiryOutOfRange> | undefined {
  return outOfRange('ExpiryOutOfRange', 'until', expiresAt, {
    earliest: new Date(now.getTime() + 1),
    latest: minutesAfter(now, LONGEST_HOURS * 60),
    advice: `Slots are kept for ${LONGEST_HOURS} hours at most; give an instant in between, or leave it out.`,
  });
}

export function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * MINUTE_MS);
}

type Fault = Pick<InvalidReservationItem, 'field' | 'message'>;

function faultOf({
  category,
  intake,
  count,
  arrivesInMinutes,
}: ReservationItemInput): Fault | undefined {
  if ((category == null) === (intake == null)) {
    return {
      field: 'category',
      message: `names either a category of beds or a Sichtungskategorie of the intake; received ${category == null ? 'neither' : 'both'}. Give exactly one, and two items where both are needed.`,
    };
  }
  if (intake === 'EX') {
    return {
      field: 'intake',
      message:
        'requests a slot for the dead, who are not transported to hospitals by the rescue service. Leave the item out.',
    };
  }
  if (arrivesInMinutes != null && !(arrivesInMinutes >= 0 && arrivesInMinutes <= MOST_MINUTES)) {
    return {
      field: 'arrivesInMinutes',
      message: `requests slots for patients who arrive in 0 to ${MOST_MINUTES} minutes; received ${arrivesInMinutes}. Correct the number, or leave it out.`,
    };
  }
  const slots = count ?? 1;
  if (slots >= 1 && slots <= MOST_SLOTS) return undefined;
  return {
    field: 'count',
    message: `requests 1 to ${MOST_SLOTS} slots; received ${slots}. Correct the count, or leave the item out.`,
  };
}

function invalidItem(position: number, { field, message }: Fault): RequestsRefusal {
  const refusal = invalid(
    'InvalidReservationItem',
    field,
    `Item ${position} (counted from 0) ${message}`,
  );
  return { ...refusal, position };
}
