import type { PatientClass } from './classes.js';
import type { Market, Reach } from './market.js';
import { requirementsOf } from './needs.js';
import type { Offer, Option } from './options.js';
import type { Rejection, RejectionCode } from './plan.js';
import { AMBULATORY, fitOf, intakeOf, type Exclusion } from './suitability.js';

/** What every explanation is judged by. */
export interface Outcome {
  market: Market;
  offer: Offer;
  /** What is left of the places after the plan, by seat. */
  left: readonly number[];
}

/**
 * The nearest houses that take the patient's category and were not chosen, each with what stands against it. Houses that
 * have never said that they take such patients are no alternatives.
 */
export function rejectedFor(
  of: PatientClass,
  chosen: Option | undefined,
  outcome: Outcome,
): Rejection[] {
  const { market } = outcome;
  const rejected: Rejection[] = [];
  for (const reach of market.reach.get(of.scene) ?? []) {
    if (rejected.length >= market.input.parameters.rejectedAlternatives) break;
    const { house } = market.houses[reach.house]!;
    if (reach.house === chosen?.house || !intakeOf(house, of.category)) continue;
    const { code, message } = whyNot(reach, of, chosen, outcome);
    rejected.push({ facility: house.id, minutes: reach.roadMinutes, code, message });
  }
  return rejected;
}

function whyNot(
  reach: Reach,
  of: PatientClass,
  chosen: Option | undefined,
  { market, offer, left }: Outcome,
): { code: RejectionCode; message: string } {
  const { house } = market.houses[reach.house]!;
  const { against, unmet } = fitOf(market.houses[reach.house]!, of);
  const [hard] = against;
  if (hard) return { code: hard, message: HARD[hard] };
  if (unmet !== 0 && !(chosen && chosen.unmet !== 0)) {
    const lacks = requirementsOf(unmet).join(', ');
    return { code: 'NEED_UNMET', message: `It is not known to have ${lacks}.` };
  }
  const limit = market.limits[reach.house]![of.category];
  const free = offer.seatsOf[reach.house]![of.category].find((seat) => left[seat]! > 0);
  if (free === undefined) return FULL[limit.bound](limit.allowed, limit.keptForWalkIns);
  if (chosen && reach.roadMinutes >= chosen.minutes) {
    const more = Math.round((reach.roadMinutes - chosen.minutes) * 10) / 10;
    return { code: 'FARTHER', message: `It has a place, ${more} minutes farther away.` };
  }
  if (offer.seats[free]!.helping > 0) {
    return {
      code: 'SECOND_HELPING',
      message: 'It has had its share of a wave; others come first.',
    };
  }
  if (of.category === 'SK_III' && !AMBULATORY.has(house.kind)) {
    return {
      code: 'AMBULATORY_FIRST',
      message: 'A practice takes the slightly injured; hospitals keep room.',
    };
  }
  return {
    code: 'SLOWER_FOR_ALL',
    message: 'It has a place, but the plan as a whole is quicker without.',
  };
}

const HARD: Readonly<Record<Exclusion, string>> = {
  NO_PLACE_LEFT: 'Its declared intake is used up.',
  STALE: 'Its numbers are too old to be relied on.',
  NOT_REPORTED: 'It has not said that it takes such patients.',
  NEED_UNMET: 'It is not known to meet a need.',
  CLOSED: 'It is closed for such patients (Abmeldung).',
  OVERWHELMED: 'It has declared its care DECOMPENSATED.',
  HAZARD: 'It lies in an endangered area.',
  LEFT_OUT_BY_DISPATCHER: 'It is left out as asked.',
  NO_ACUTE_CARE: 'It treats the slightly injured only.',
};

const FULL = {
  WAVE: (allowed: number) => ({
    code: 'WAVE_SHARE_GIVEN' as const,
    message: `Its share of this wave, ${allowed}, is given; it gets more after feedback.`,
  }),
  WALK_INS: (allowed: number, kept: number) => ({
    code: 'KEPT_FOR_WALK_INS' as const,
    message: `Its ${allowed} places are given; ${kept} more are kept for those who come by themselves.`,
  }),
  PLACES: (allowed: number) => ({
    code: 'PLACES_GIVEN' as const,
    message: `Its ${allowed} free places are given in this plan.`,
  }),
};
