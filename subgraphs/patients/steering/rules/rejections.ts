import type { PatientClass } from './classes.js';
import type { CandidateFacility } from './input.js';
import type { Market, Reach } from './market.js';
import { requirementsOf } from './needs.js';
import type { Offer, Option } from './options.js';
import type { Rejection, RejectionCode } from './plan.js';
import { AMBULATORY, fitOf, intakeOf, type Exclusion } from './suitability.js';

/** The results that every explanation uses. */
export interface Outcome {
  market: Market;
  offer: Offer;
  /** Slots that are free after the plan, by group. */
  left: readonly number[];
}

/**
 * The nearest facilities that were not chosen, each with what stands against it. A practice is no alternative for
 * patients whom it never takes.
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
    const { facility } = market.facilities[reach.facility]!;
    if (reach.facility === chosen?.facility || isNoAlternative(facility, of)) continue;
    const { code, message } = whyNot(reach, of, chosen, outcome);
    rejected.push({ facility: facility.id, minutes: reach.roadMinutes, code, message });
  }
  return rejected;
}

/** Whether a facility that lies nearer than the chosen one was kept for others, or for nobody. */
export type Nearer = 'GIVEN_TO_OTHERS' | 'LEFT_FREE' | 'NONE';

/** Returns whether facilities that are reached in fewer minutes than the chosen one, and fit, were given to others. */
export function nearerFor(of: PatientClass, chosen: Option, outcome: Outcome): Nearer {
  let nearer: Nearer = 'NONE';
  for (const reach of outcome.market.reach.get(of.scene) ?? []) {
    if (reach.facility === chosen.facility) continue;
    const { roadMinutes, airMinutes } = reach;
    const isFlown = chosen.way === 'AIR';
    const minutes = isFlown ? Math.min(roadMinutes, airMinutes ?? Infinity) : roadMinutes;
    // Nearest first: by air no facility at a greater distance is reached sooner.
    if (!isFlown && roadMinutes >= chosen.minutes) break;
    if (minutes >= chosen.minutes) continue;
    const { code } = whyNot(reach, of, chosen, outcome);
    if (FOR_OTHERS.has(code)) return 'GIVEN_TO_OTHERS';
    if (code === 'AMBULATORY_FIRST') nearer = 'LEFT_FREE';
  }
  return nearer;
}

const FOR_OTHERS: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  'PLACES_GIVEN',
  'WAVE_SHARE_GIVEN',
  'KEPT_FOR_WALK_INS',
  'SLOWER_FOR_ALL',
  'SECOND_HELPING',
]);

function isNoAlternative(facility: CandidateFacility, { category }: PatientClass): boolean {
  return category !== 'SK_III' && AMBULATORY.has(facility.kind) && !intakeOf(facility, category);
}

function whyNot(
  reach: Reach,
  of: PatientClass,
  chosen: Option | undefined,
  { market, offer, left }: Outcome,
): { code: RejectionCode; message: string } {
  const { facility } = market.facilities[reach.facility]!;
  const { against, unmet } = fitOf(market.facilities[reach.facility]!, of);
  const [hard] = against;
  if (hard === 'NEED_UNMET' && facility.childrenOnly) {
    return { code: hard, message: 'It treats children only.' };
  }
  if (hard) return { code: hard, message: HARD[hard] };
  if (unmet !== 0 && !(chosen && chosen.unmet !== 0)) {
    const lacks = requirementsOf(unmet).join(', ');
    return { code: 'NEED_UNMET', message: `It is not known to have ${lacks}.` };
  }
  const limit = market.limits[reach.facility]![of.category];
  const free = offer.groupsOf[reach.facility]![of.category].find((group) => left[group]! > 0);
  if (free === undefined) return FULL[limit.bound](limit.allowed, limit.keptForWalkIns);
  const farther = chosen && fartherBy(reach, chosen, market.reach.get(of.scene) ?? []);
  if (farther) return { code: 'FARTHER', message: `It has a free slot, ${farther} farther.` };
  if (offer.groups[free]!.helping > 0) {
    return {
      code: 'SECOND_HELPING',
      message: 'It has had its share of a wave; others come first.',
    };
  }
  if (of.category === 'SK_III' && !AMBULATORY.has(facility.kind)) {
    return {
      code: 'AMBULATORY_FIRST',
      message: 'A practice takes the slightly injured; hospitals keep room.',
    };
  }
  return {
    code: 'SLOWER_FOR_ALL',
    message: 'It has a free slot, but the plan as a whole is quicker without.',
  };
}

/** Undefined where it is not farther. By air minutes by road compare with nothing, so kilometres do. */
function fartherBy(
  { kilometres, roadMinutes }: Reach,
  { facility, way, minutes }: Option,
  all: readonly Reach[],
): string | undefined {
  if (way === 'ROAD') {
    return roadMinutes < minutes ? undefined : `${tenths(roadMinutes - minutes)} minutes`;
  }
  const flown = all.find((reach) => reach.facility === facility)!;
  return kilometres < flown.kilometres
    ? undefined
    : `${tenths(kilometres - flown.kilometres)} kilometres`;
}

function tenths(number: number): number {
  return Math.round(number * 10) / 10;
}

const HARD: Readonly<Record<Exclusion, string>> = {
  NO_PLACE_LEFT: 'Its declared intake is used up.',
  NOT_REPORTED: 'It has not said that it takes such patients.',
  NEED_UNMET: 'It is not known to meet a need.',
  CLOSED: 'It is closed for such patients (Abmeldung).',
  OVERWHELMED: 'It has declared its care DECOMPENSATED.',
  HAZARD: 'It lies in an endangered area.',
  NOT_SUSTAINABLE: 'It cannot sustain its care for long enough.',
  LEFT_OUT_BY_DISPATCHER: 'The dispatcher left it out.',
  NO_ACUTE_CARE: 'It treats the slightly injured only.',
};

const FULL = {
  WAVE: (allowed: number) => ({
    code: 'WAVE_SHARE_GIVEN' as const,
    message: `Its share of this wave, ${allowed}, is given; it gets more after feedback.`,
  }),
  WALK_INS: (allowed: number, kept: number) => ({
    code: 'KEPT_FOR_WALK_INS' as const,
    message: `Its ${allowed} slots are given; ${kept} more are kept for those who come by themselves.`,
  }),
  SLOTS: (allowed: number) => ({
    code: 'PLACES_GIVEN' as const,
    message: `Its ${allowed} free slots are given in this plan.`,
  }),
};
