import { HOUR_MS } from '../../../../shared/time/rules.js';
import type { Lifeline, LifelineMovement } from '../../generated/prisma/client.js';
import type { MovedQuantity } from './moved-quantities.js';

/** A receipt is put right for so long; what was booked before is contained in many levels since. */
const CORRECTED_HOURS = 24;

/** The movements of a stock that a correction may reverse. */
export class Reversible {
  /** All of them, in the order of time; those that no correction reverses any more lie before `#first`. */
  readonly #moved: MovedQuantity[] = [];
  /** Those of them that arrived, in the order in which they were added. */
  readonly #receipts: MovedQuantity[] = [];
  #first = 0;
  #sum = 0;

  add(moved: MovedQuantity): void {
    let [low, high] = [this.#first, this.#moved.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#moved[middle]!.at > moved.at) high = middle;
      else low = middle + 1;
    }
    this.#moved.splice(low, 0, moved);
    this.#sum += moved.quantity;
    if (moved.quantity > 0) this.#receipts.push(moved);
  }

  /**
   * Returns what a correction of the stock takes back of what arrived there within a day and moved the lifeline: at most that, as of its
   * arrival, so that a report in between stays as it is. Undefined where nothing did. Corrections are given in the order of time.
   */
  reversalOf(
    correction: Pick<LifelineMovement, 'quantity' | 'at'>,
    lifeline: Lifeline | undefined,
  ): MovedQuantity | undefined {
    const since = Math.max(
      correction.at.getTime() - CORRECTED_HOURS * HOUR_MS,
      lifeline ? lifeline.observedAt.getTime() : -Infinity,
    );
    for (; this.#first < this.#moved.length; this.#first++) {
      const { at, quantity } = this.#moved[this.#first]!;
      if (at.getTime() > since) break;
      this.#sum -= quantity;
    }
    while (this.#receipts.length > 0 && this.#receipts.at(-1)!.at.getTime() <= since) {
      this.#receipts.pop();
    }
    const last = this.#receipts.at(-1);
    const most = rounded(this.#sum);
    if (!last || most <= 0) return undefined;
    // Behind the receipt in the order of time, in which both are applied to a report that was observed before and arrives later.
    return { quantity: Math.max(correction.quantity, -most), at: new Date(last.at.getTime() + 1) };
  }
}

/** Returns the movements of each stock of a facility. */
export function reversibleByStock(
  movements: readonly LifelineMovement[],
): (stockId: string) => Reversible {
  const stocks = new Map<string, Reversible>();
  const of = (stockId: string) => {
    const known = stocks.get(stockId) ?? new Reversible();
    stocks.set(stockId, known);
    return known;
  };
  for (const moved of movements) if (moved.stockId !== null) of(moved.stockId).add(moved);
  return of;
}

/** A sum from which parts were subtracted has digits that no quantity has. */
function rounded(sum: number): number {
  return Math.round(sum * 1_000_000) / 1_000_000;
}
