import { byUrgency } from './classes.js';
import type { Flow, Share } from './flow.js';
import type { Market } from './market.js';
import type { Offer } from './options.js';

/**
 * Nearest fit: one patient after the other, in order of urgency, gets the best slot that is left. A dispatcher with a
 * map and a telephone does the same. It is used where the solver finds nothing in time, and exact plans are measured by
 * it.
 */
export function nearestFit(offer: Offer, { input }: Market): Flow {
  const slots = offer.groups.map((group) => group.slots);
  let flights = input.flights;
  const shares = new Map<string, Share>();
  const queues = offer.classes.map(({ options }) => ({
    next: 0,
    best: [...options.keys()].sort((a, b) => options[a]!.cost - options[b]!.cost || a - b),
  }));
  for (const { of } of everybody(offer)) {
    const { options } = offer.classes[of]!;
    const queue = queues[of]!;
    const isUsedUp = (option: number) => {
      const { group, way } = options[option]!;
      return slots[group] === 0 || (way === 'AIR' && flights === 0);
    };
    while (queue.next < queue.best.length && isUsedUp(queue.best[queue.next]!)) queue.next += 1;
    const option = queue.best[queue.next];
    if (option === undefined) continue;
    const { group, way } = options[option]!;
    slots[group]! -= 1;
    if (way === 'AIR') flights -= 1;
    const key = `${of} ${option}`;
    const share = shares.get(key) ?? { of, option, count: 0 };
    share.count += 1;
    shares.set(key, share);
  }
  return [...shares.values()];
}

function everybody({ classes }: Offer) {
  return classes
    .flatMap(({ of }, index) => of.patients.map((patient) => ({ of: index, patient })))
    .sort((a, b) => byUrgency(a.patient, b.patient));
}
