import type { PatientClass } from './classes.js';
import type { Distribution } from './distribution.js';
import type { Casualty } from './input.js';
import { requirementsOf } from './needs.js';
import type { ClassOptions, Option } from './options.js';
import type { Assignment, AssignmentCode, Reason } from './plan.js';
import { nearerFor, rejectedFor, type Outcome } from './rejections.js';
import { rideOf } from './rides.js';
import { AMBULATORY, intakeOf } from './suitability.js';

/** Every patient who was given a facility, with the reasons for it and against the others. */
export function explain(given: Distribution, outcome: Outcome): Assignment[] {
  const { market, offer } = outcome;
  const classOf = new Map(
    offer.classes.flatMap((one) => one.of.patients.map((patient) => [patient, one] as const)),
  );
  const groupSizes = groupSizesOf(given, classOf);
  const said = new Map<ClassOptions, Map<Option, Explanation>>();
  return market.patients.flatMap((patient) => {
    const option = given.get(patient);
    const one = classOf.get(patient);
    if (!option || !one) return [];
    const { of } = one;
    const groupSize = groupSizes.get(groupKey(of, option)) ?? 1;
    return [
      {
        patient: patient.id,
        facility: market.facilities[option.facility]!.facility.id,
        category: of.category,
        minutes: option.minutes,
        method: 'ESTIMATED' as const,
        ...rideOf(patient, option, groupSize, market.input.parameters.busFrom),
        ...remembered(said, one, option, () => ({
          reasons: reasonsFor(one, option, outcome),
          rejected: rejectedFor(of, option, outcome),
        })),
      },
    ];
  });
}

type Explanation = Pick<Assignment, 'reasons' | 'rejected'>;

function reasonsFor(
  { of, hasSpecialist }: ClassOptions,
  option: Option,
  outcome: Outcome,
): Reason<AssignmentCode>[] {
  const { facility } = outcome.market.facilities[option.facility]!;
  const met = requirementsOf(of.needs & ~option.unmet);
  const reasons: Reason<AssignmentCode>[] = [];
  const say = (code: AssignmentCode, message: string) => reasons.push({ code, message });
  // First, so that nobody takes for the facility's word what a rule says of it.
  if (met.length > 0 && facility.capabilitiesModelled) {
    say(
      'MODELLED_CAPABILITIES',
      `Modelled, not declared by the facility: ${met.join(', ')}. Call it before a vehicle leaves.`,
    );
  }
  if (intakeOf(facility, of.category)?.method === 'MODELLED') {
    say(
      'MODELLED_INTAKE',
      'Modelled: the facility has declared no intake; the planning number of the Krankenhauskataster stands in.',
    );
  }
  if (option.unmet) {
    const lacks = `this one lacks ${requirementsOf(option.unmet).join(', ')}.`;
    if (hasSpecialist) {
      say(
        'NO_SPECIALIST_FREE',
        `Facilities in reach that meet all needs have no free slot; ${lacks}`,
      );
    } else {
      say(
        'NO_SPECIALIST_IN_REACH',
        `No facility in reach that may take the patient meets all needs; ${lacks}`,
      );
    }
  }
  if (option.closureSetAside) {
    say(
      'CLOSURE_SET_ASIDE',
      'It is closed, but no open facility in reach can take the patient. Announce them.',
    );
  }
  if (option.failureSetAside) {
    say(
      'FAILURE_SET_ASIDE',
      'It cannot sustain its care for long, but no other facility takes the patient within the hour. Announce them, and ask how long it can go on.',
    );
  }
  const nearer = nearerFor(of, option, outcome);
  if (nearer === 'GIVEN_TO_OTHERS') {
    say(
      'BEST_FOR_ALL',
      'Nearer facilities that fit give their slots to others; the plan as a whole is quickest.',
    );
  } else if (nearer === 'NONE') {
    say('NEAREST_WITH_A_PLACE', 'No facility that fits and has a free slot lies nearer.');
  }
  if (met.length > 0) say('NEEDS_MET', `It has ${met.join(', ')}.`);
  if (AMBULATORY.has(facility.kind))
    say('AMBULATORY', 'A practice takes the slightly injured; hospitals keep room.');
  if (option.way === 'AIR')
    say('FLOWN', 'A helicopter gains time, and the facility has a helipad.');
  return reasons;
}

function groupSizesOf(given: Distribution, classOf: ReadonlyMap<Casualty, ClassOptions>) {
  const groupSizes = new Map<string, number>();
  for (const [patient, option] of given) {
    const { of } = classOf.get(patient)!;
    if (of.category !== 'SK_III') continue;
    const key = groupKey(of, option);
    groupSizes.set(key, (groupSizes.get(key) ?? 0) + 1);
  }
  return groupSizes;
}

function groupKey({ scene }: PatientClass, { facility }: Option): string {
  return `${facility} ${scene}`;
}

/** Patients of a class with the same option share what is said of it. */
function remembered<A, B, Value>(by: Map<A, Map<B, Value>>, a: A, b: B, make: () => Value): Value {
  const row = by.get(a) ?? new Map<B, Value>();
  by.set(a, row);
  const value = row.get(b) ?? make();
  row.set(b, value);
  return value;
}
