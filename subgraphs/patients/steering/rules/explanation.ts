import type { PatientClass } from './classes.js';
import type { Given } from './distribution.js';
import type { Casualty } from './input.js';
import { requirementsOf } from './needs.js';
import type { ClassOptions, Option } from './options.js';
import type { Assignment, AssignmentCode, Reason } from './plan.js';
import { nearerFor, rejectedFor, type Outcome } from './rejections.js';
import { rideOf } from './rides.js';
import { AMBULATORY, intakeOf } from './suitability.js';

/** Every patient who was given a house, with the reasons for it and against the others. */
export function explain(given: Given, outcome: Outcome): Assignment[] {
  const { market, offer } = outcome;
  const classOf = new Map(
    offer.classes.flatMap((one) => one.of.patients.map((patient) => [patient, one] as const)),
  );
  const parties = partiesOf(given, classOf);
  const said = new Map<ClassOptions, Map<Option, Said>>();
  return market.patients.flatMap((patient) => {
    const option = given.get(patient);
    const one = classOf.get(patient);
    if (!option || !one) return [];
    const { of } = one;
    const party = parties.get(partyKey(of, option)) ?? 1;
    return [
      {
        patient: patient.id,
        facility: market.houses[option.house]!.house.id,
        category: of.category,
        minutes: option.minutes,
        method: 'ESTIMATED' as const,
        ...rideOf(patient, option, party, market.input.parameters.busFrom),
        ...remembered(said, one, option, () => ({
          reasons: reasonsFor(one, option, outcome),
          rejected: rejectedFor(of, option, outcome),
        })),
      },
    ];
  });
}

type Said = Pick<Assignment, 'reasons' | 'rejected'>;

function reasonsFor(
  { of, hasSpecialist }: ClassOptions,
  option: Option,
  outcome: Outcome,
): Reason<AssignmentCode>[] {
  const { house } = outcome.market.houses[option.house]!;
  const met = requirementsOf(of.needs & ~option.unmet);
  const reasons: Reason<AssignmentCode>[] = [];
  const say = (code: AssignmentCode, message: string) => reasons.push({ code, message });
  // First, so that nobody takes for the house's word what a rule says of it.
  if (met.length > 0 && house.capabilitiesModelled) {
    say(
      'MODELLED_CAPABILITIES',
      `Modelled, not declared by the house: ${met.join(', ')}. Ask it before anyone sets out.`,
    );
  }
  if (intakeOf(house, of.category)?.method === 'MODELLED') {
    say(
      'MODELLED_INTAKE',
      'Modelled: the house has declared no intake; the planning number of the Krankenhauskataster stands in.',
    );
  }
  if (option.unmet) {
    const lacks = `this one lacks ${requirementsOf(option.unmet).join(', ')}.`;
    if (hasSpecialist) {
      say('NO_SPECIALIST_FREE', `Houses in reach that have all he needs have no place; ${lacks}`);
    } else {
      say(
        'NO_SPECIALIST_IN_REACH',
        `No house in reach that may take him has all he needs; ${lacks}`,
      );
    }
  }
  if (option.closureSetAside) {
    say(
      'CLOSURE_SET_ASIDE',
      'It is closed, but no open house in reach can take him. Announce him.',
    );
  }
  const nearer = nearerFor(of, option, outcome);
  if (nearer === 'GIVEN_TO_OTHERS') {
    say(
      'BEST_FOR_ALL',
      'Nearer houses that fit give their places to others; the plan as a whole is quickest.',
    );
  } else if (nearer === 'NONE') {
    say('NEAREST_WITH_A_PLACE', 'No house that fits and has a place lies nearer.');
  }
  if (met.length > 0) say('NEEDS_MET', `It has ${met.join(', ')}.`);
  if (AMBULATORY.has(house.kind))
    say('AMBULATORY', 'A practice takes the slightly injured; hospitals keep room.');
  if (option.way === 'AIR') say('FLOWN', 'A helicopter gains time, and the house has a helipad.');
  return reasons;
}

function partiesOf(given: Given, classOf: ReadonlyMap<Casualty, ClassOptions>) {
  const parties = new Map<string, number>();
  for (const [patient, option] of given) {
    const { of } = classOf.get(patient)!;
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
