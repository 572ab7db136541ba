import type { LifelineKind, LifelineMovement } from '../../generated/prisma/client.js';
import { groupedBy } from './grouped.js';

/** A quantity that arrived (above 0) or was passed on (below 0), in the unit of the lifeline, and when. */
export type MovedQuantity = Pick<LifelineMovement, 'quantity' | 'at'>;

/** The movements of one lifeline, in the order of time, and their sums: a facility may have booked thousands, and each report needs the sums. */
export class MovedQuantities {
  readonly #all: readonly MovedQuantity[];
  readonly #instants: Float64Array;
  /** Of each the sum of it and all later ones. */
  readonly #sums: Float64Array;

  /** @param all In the order of time. */
  constructor(all: readonly MovedQuantity[]) {
    this.#all = all;
    this.#instants = Float64Array.from(all, ({ at }) => at.getTime());
    this.#sums = new Float64Array(all.length + 1);
    for (let n = all.length - 1; n >= 0; n--) this.#sums[n] = this.#sums[n + 1]! + all[n]!.quantity;
  }

  forEachAfter(instant: Date, act: (moved: MovedQuantity) => void): void {
    for (let n = this.#firstAfter(instant); n < this.#all.length; n++) act(this.#all[n]!);
  }

  sumAfter(instant: Date): number {
    return this.#sums[this.#firstAfter(instant)]!;
  }

  sumBetween(after: Date, until: Date): number {
    return after < until ? this.sumAfter(after) - this.sumAfter(until) : 0;
  }

  #firstAfter(instant: Date): number {
    const time = instant.getTime();
    let [low, high] = [0, this.#instants.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#instants[middle]! > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Returns the movements of each lifeline of a facility. */
export function movedByKind(
  movements: readonly LifelineMovement[],
): (kind: LifelineKind) => MovedQuantities {
  const lists = groupedBy(movements, ({ kind }) => kind);
  const moved = new Map([...lists].map(([kind, list]) => [kind, new MovedQuantities(list)]));
  return (kind) => moved.get(kind) ?? NOTHING_MOVED;
}

const NOTHING_MOVED = new MovedQuantities([]);
