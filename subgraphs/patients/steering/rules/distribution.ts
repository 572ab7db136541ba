import { byUrgency, type PatientClass } from './classes.js';
import type { Flow } from './flow.js';
import type { Casualty } from './input.js';
import type { Market } from './market.js';
import type { ClassOptions, Offer, Option } from './options.js';
import { fitOf } from './suitability.js';

/** The option of each patient who is given one. */
export type Distribution = ReadonlyMap<Casualty, Option>;

/** The slots that a class was given, the nearest first. */
interface ClassSlots {
  of: PatientClass;
  options: Option[];
}

/**
 * Gives the slots of classes to patients. Patients of one scene, category and priority form one queue, whatever they
 * need: the patient who was triaged first gets the nearest slot that fits them, also from a class with other needs if
 * both fit then. No such exchange changes the cost of the plan.
 */
export function distribute(flow: Flow, offer: Offer, market: Market): Distribution {
  const given = new Map<Casualty, Option>();
  for (const queue of queuesOf(flow, offer)) {
    const patients = queue
      .flatMap(({ of }, index) => of.patients.map((patient) => ({ patient, index })))
      .sort((a, b) => byUrgency(a.patient, b.patient));
    for (const { patient, index } of patients) {
      const option = nearestFor(queue[index]!, queue, market);
      if (option) given.set(patient, option);
    }
  }
  return given;
}

function queuesOf(flow: Flow, { classes }: Offer): ClassSlots[][] {
  const slots = classes.map(({ of }): ClassSlots => ({ of, options: [] }));
  for (const { of, option, count } of flow) {
    for (let left = count; left > 0; left -= 1) {
      slots[of]!.options.push((classes[of] as ClassOptions).options[option]!);
    }
  }
  const queues = new Map<string, ClassSlots[]>();
  for (const one of slots) {
    one.options.sort(byNearness);
    const { scene, category, transportPriority } = one.of;
    const key = `${category} ${transportPriority} ${scene}`;
    queues.set(key, [...(queues.get(key) ?? []), one]);
  }
  return [...queues.values()];
}

/** Removes the nearest option from the slots of the queue and returns it. */
function nearestFor(
  mine: ClassSlots,
  queue: readonly ClassSlots[],
  market: Market,
): Option | undefined {
  const own = mine.options.shift();
  let best = own;
  let from: ClassSlots | undefined;
  for (const other of queue) {
    if (other === mine || (own && !isFit(own, other.of, market))) continue;
    const better = other.options.find(
      (option) => !best || byNearness(option, best) >= 0 || isFit(option, mine.of, market),
    );
    if (!better || (best && better.minutes >= best.minutes)) continue;
    if (!isFit(better, mine.of, market)) continue;
    [best, from] = [better, other];
  }
  if (from && best) {
    from.options.splice(from.options.indexOf(best), 1);
    if (own) insert(own, from.options);
  }
  return best;
}

/** Whether a class could have this very option at the same cost. */
function isFit({ facility, unmet, ...option }: Option, of: PatientClass, market: Market) {
  if (unmet !== 0 || option.closureSetAside || option.failureSetAside) return false;
  const fit = fitOf(market.facilities[facility]!, of);
  return fit.unmet === 0 && fit.against.length === 0;
}

function insert(option: Option, sorted: Option[]): void {
  const index = sorted.findIndex((other) => byNearness(option, other) <= 0);
  sorted.splice(index < 0 ? sorted.length : index, 0, option);
}

function byNearness(a: Option, b: Option): number {
  return a.minutes - b.minutes || a.facility - b.facility || a.group - b.group;
}
