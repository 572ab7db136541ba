import type { Unit } from '../../generated/graphql.js';
import { thousandths } from './quantities.js';

/** Units of which there is no part: nobody delivers 4.04 packs. Holders may still book an opened pack as a part of one. */
const IS_COUNTABLE: Readonly<Record<Unit, boolean>> = {
  PACK: true,
  PIECE: true,
  DOSE: true,
  LITRE: false,
  CUBIC_METRE: false,
  KILOGRAM: false,
};

export function isCountable(unit: Unit): boolean {
  return IS_COUNTABLE[unit];
}

/** Returns how much of a unit has to be there for a computed need: whole ones, rounded up, where it is countable. */
export function neededOf(unit: Unit, quantity: number): number {
  return isCountable(unit) ? Math.ceil(thousandths(quantity) / 1_000) : quantity;
}

/** Returns how much of a unit can be relied on of a computed quantity: whole ones, rounded down, where it is countable. */
export function availableOf(unit: Unit, quantity: number): number {
  return isCountable(unit) ? Math.floor(thousandths(quantity) / 1_000) : quantity;
}
