import type { PatientClass } from './classes.js';
import type { Given } from './distribution.js';
import type { Casualty } from './input.js';
import { requirementsOf } from './needs.js';
import type { Option } from './options.js';
import type { Assignment, AssignmentCode, Reason, Rejection } from './plan.js';
import { rejectedFor, type Outcome } from './rejections.js';
import { rideOf } from './rides.js';
import { AMBULATORY } from './suitability.js';

/** Every patient who was given a house, with the reasons for it and against the others. */
export function explain(given: Given, outcome: Outcome): Assignment[] {
  const { market, offer } = outcome;
  const classOf = new Map(
    offer.classes.flatMap(({ of }) => of.patients.map((patient) => [patient, of] as const)),
  );
  const parties = partiesOf(given, classOf);
  const rejectedBy = new Map<PatientClass, Map<Option, Rejection[]>>();
  return market.patients.flatMap((patient) => {
    const option = given.get(patient);
    const of = classOf.get(patient);
    if (!option || !of) return [];
    const rejected = remembered(rejectedBy, of, option, () => rejectedFor(of, option, outcome));
    const party = parties.get(partyKey(of, option)) ?? 1;
    return [
      {
        patient: patient.id,
        facility: market.houses[option.house]!.house.id,
        category: of.category,
        minutes: option.minutes,
        method: 'ESTIMATED' as const,
        ...rideOf(patient, option, party, market.input.parameters.busFrom),
        reasons: reasonsFor(of, option, rejected, outcome),
        rejected,
      },
    ];
  });
}

function reasonsFor(
  of: PatientClass,
  option: Option,
  rejected: readonly Rejection[],
  { market }: Outcome,
): Reason<AssignmentCode>[] {
  const { house } = market.houses[option.house]!;
  const met = requirementsOf(of.needs & ~option.unmet);
  const reasons: Reason<AssignmentCode>[] = [];
  const say = (code: AssignmentCode, message: string) => reasons.push({ code, message });
  if (option.unmet) {
    const lacks = requirementsOf(option.unmet).join(', ');
    say('NO_SPECIALIST_IN_REACH', `No house in reach has all he needs; this one lacks ${lacks}.`);
  }
  if (option.closureSetAside) {
    say(
      'CLOSURE_SET_ASIDE',
      'It is closed, but no open house in reach can take him. Announce him.',
    );
  }
  if (rejected.some(isForOthers)) {
    say(
      'BEST_FOR_ALL',
      'Nearer houses that fit give their places to others; the plan as a whole is quickest.',
    );
  } else say('NEAREST_WITH_A_PLACE', 'No house that fits and has a place lies nearer.');
  if (met.length > 0) say('NEEDS_MET', `It has ${met.join(', ')}.`);
  if (AMBULATORY.has(house.kind))
    say('AMBULATORY', 'A practice takes the slightly injured; hospitals keep room.');
  if (option.way === 'AIR') say('FLOWN', 'A helicopter gains time, and the house has a helipad.');
  return reasons;
}

function isForOthers({ code }: Rejection): boolean {
  return (
    code === 'PLACES_GIVEN' ||
    code === 'WAVE_SHARE_GIVEN' ||
    code === 'KEPT_FOR_WALK_INS' ||
    code === 'SLOWER_FOR_ALL' ||
    code === 'SECOND_HELPING'
  );
}

function partiesOf(given: Given, classOf: ReadonlyMap<Casualty, PatientClass>) {
  const parties = new Map<string, number>();
  for (const [patient, option] of given) {
    const of = classOf.get(patient)!;
    if (of.category !== 'SK_III') continue;
    const key = partyKey(of, option);
    parties.set(key, (parties.get(key) ?? 0) + 1);
  }
  return parties;
}

function partyKey({ scene }: PatientClass, { house }: Option): string {
  return `${house} ${scene}`;
}

/** Patients of a class with the same option share what is said of it. */
function remembered<A, B, Value>(by: Map<A, Map<B, Value>>, a: A, b: B, make: () => Value): Value {
  const row = by.get(a) ?? new Map<B, Value>();
  by.set(a, row);
  const value = row.get(b) ?? make();
  row.set(b, value);
  return value;
}
