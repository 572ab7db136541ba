import type { Distribution } from './distribution.js';
import type { Casualty } from './input.js';
import { requirementsOf } from './needs.js';
import type { ClassOptions } from './options.js';
import type { Reason, Rejection, UnallocatedPatient, UnallocatedCode } from './plan.js';
import { rejectedFor, type Outcome } from './rejections.js';
import { fitOf } from './suitability.js';

type Why = Reason<UnallocatedCode>;

/** Every patient without a facility, with the reason; never silently. */
export function leftOver(given: Distribution, outcome: Outcome): UnallocatedPatient[] {
  const why = new Map<Casualty, { why: Why; rejected: readonly Rejection[] }>();
  for (const one of outcome.offer.classes) {
    const left = one.of.patients.filter((patient) => !given.has(patient));
    if (left.length === 0) continue;
    const result = {
      why: whyLeft(one, outcome),
      rejected: rejectedFor(one.of, undefined, outcome),
    };
    for (const patient of left) why.set(patient, result);
  }
  let again = slotsForTriageAgain(outcome);
  return outcome.market.patients.flatMap((patient) => {
    if (given.has(patient)) return [];
    const steered = why.get(patient);
    if (steered) return [{ patient: patient.id, ...steered.why, rejected: steered.rejected }];
    const isAgain = patient.category === 'SK_IV' && !patient.facilityRefused && again > 0;
    if (isAgain) again -= 1;
    return [{ patient: patient.id, ...whyNotSteered(patient, isAgain), rejected: [] }];
  });
}

/**
 * SK IV means no chance under the present conditions, which change: from the second wave on, one patient of SK IV is
 * offered for triage again for every free slot for SK I (Sichtungs-Konsensus-Konferenzen).
 */
function slotsForTriageAgain({ market, offer, left }: Outcome): number {
  if (market.input.wave < 2) return 0;
  const inReach = new Set([...market.reach.values()].flat().map(({ facility }) => facility));
  return offer.groups.reduce(
    (sum, { category, facility }, index) =>
      category === 'SK_I' &&
      inReach.has(facility) &&
      market.facilities[facility]!.against.SK_I.length === 0
        ? sum + left[index]!
        : sum,
    0,
  );
}

function whyLeft({ of, options, hasSpecialist }: ClassOptions, { market }: Outcome): Why {
  const reach = market.reach.get(of.scene) ?? [];
  const fits = reach.map(({ facility }) => ({
    facility,
    ...fitOf(market.facilities[facility]!, of),
  }));
  const open = fits.filter(({ against }) => against.length === 0);
  const isFull = fits.some(({ against }) => against.every((code) => code === 'NO_PLACE_LEFT'));
  if (!isFull && !hasSpecialist) {
    return {
      code: 'NO_HOUSE_IN_REACH',
      message: `No facility within ${market.input.radiusKm} km can take ${of.category} now. Widen the radius, or call the facilities.`,
    };
  }
  if (!hasSpecialist && options.length === 0 && open.length > 0) {
    const needs = requirementsOf(of.needs).join(', ');
    return {
      code: 'NO_SPECIALIST_IN_REACH',
      message: `No facility in reach that can take the patient has ${needs}, and these needs are not waived.`,
    };
  }
  const isHeldBack = fits.some(({ facility, against, unmet }) => {
    const { bound, free, allowed, keptForWalkIns } = market.limits[facility]![of.category];
    return !against.length && !unmet && bound === 'WAVE' && free - keptForWalkIns > allowed;
  });
  if (isHeldBack) {
    return {
      code: 'NEXT_WAVE',
      message:
        'The shares of this wave are given. Facilities that fit have more; propose the next wave after their feedback.',
    };
  }
  const isKept = fits.some(({ facility, against, unmet }) => {
    const { free, allowed, keptForWalkIns } = market.limits[facility]![of.category];
    return !against.length && !unmet && keptForWalkIns > 0 && free > allowed;
  });
  if (isKept) {
    return {
      code: 'KEPT_FOR_WALK_INS',
      message:
        'The remaining slots of the facilities that fit are kept for patients who come by themselves. Call the facilities, widen the radius, or expect fewer.',
    };
  }
  return {
    code: 'NO_PLACE_LEFT',
    message: 'All slots of all facilities in reach that fit are given to others.',
  };
}

function whyNotSteered({ category, facilityRefused }: Casualty, isAgain: boolean): Why {
  if (facilityRefused) return HOUSE_REFUSED;
  if (category === 'SK_IV') return isAgain ? TRIAGE_AGAIN : PALLIATIVE;
  if (category === 'EX') return DEAD;
  if (category === 'UNINJURED') return NOT_INJURED;
  return NOT_TRIAGED;
}

const HOUSE_REFUSED: Why = {
  code: 'HOUSE_REFUSED',
  message:
    'The patient has a transfer that no facility has accepted. Name the next facility in it, or cancel the transfer, then the next plan includes the patient.',
};
const TRIAGE_AGAIN: Why = {
  code: 'TRIAGE_AGAIN',
  message: 'SK IV, and a slot for SK I is free: a physician triages the patient again.',
};
const PALLIATIVE: Why = {
  code: 'PALLIATIVE_ON_SCENE',
  message: 'SK IV: palliative care at the scene; offered again when slots for SK I are free.',
};
const DEAD: Why = { code: 'DEAD', message: 'The rescue service takes the dead nowhere.' };
const NOT_INJURED: Why = {
  code: 'NOT_INJURED',
  message: 'Not injured: goes to a care centre with psychosocial help (PSNV-B).',
};
const NOT_TRIAGED: Why = { code: 'NOT_TRIAGED', message: 'Not triaged yet: triage comes first.' };
