import type { LifelineKind, LifelineUnit, Method } from '../../generated/graphql.js';

/** The unit of all numbers of a kind. */
export const UNIT_OF: Readonly<Record<LifelineKind, LifelineUnit>> = {
  MAINS_POWER: 'KILOWATT_HOUR',
  GENERATOR_FUEL: 'LITRE',
  WATER: 'CUBIC_METRE',
  HEAT: 'KILOWATT_HOUR',
  FOOD: 'PORTION',
  LIQUID_OXYGEN: 'CUBIC_METRE',
  BOTTLED_OXYGEN: 'CUBIC_METRE',
  COMPRESSED_AIR: 'CUBIC_METRE',
  BLOOD: 'BLOOD_UNIT',
  IT: 'KILOWATT_HOUR',
  RADIO: 'KILOWATT_HOUR',
};

/**
 * The most of each kind that a hospital can have, some times the largest stores there are: fuel stores hold up to 200,000 l, liquid tanks up to
 * 60,000 m³ of gas. More is a number in another unit, or typed wrong.
 */
export const MOST_STOCK: Readonly<Record<LifelineKind, number>> = {
  MAINS_POWER: 0,
  GENERATOR_FUEL: 500_000,
  WATER: 50_000,
  HEAT: 10_000_000,
  FOOD: 200_000,
  LIQUID_OXYGEN: 200_000,
  BOTTLED_OXYGEN: 20_000,
  COMPRESSED_AIR: 50_000,
  BLOOD: 10_000,
  IT: 1_000_000,
  RADIO: 100_000,
};

/**
 * The most of each kind that a hospital can draw in an hour, some times what the largest do: generators of 10 MW burn 2,500 l, a university
 * hospital full of ventilated patients takes 1,000 m³ of oxygen. More is a number in another unit, or typed wrong.
 */
export const MOST_LOAD: Readonly<Record<LifelineKind, number>> = {
  MAINS_POWER: 100_000,
  GENERATOR_FUEL: 10_000,
  WATER: 1_000,
  HEAT: 100_000,
  FOOD: 10_000,
  LIQUID_OXYGEN: 3_000,
  BOTTLED_OXYGEN: 3_000,
  COMPRESSED_AIR: 10_000,
  BLOOD: 500,
  IT: 20_000,
  RADIO: 1_000,
};

const OXYGEN: ReadonlySet<LifelineKind> = new Set(['LIQUID_OXYGEN', 'BOTTLED_OXYGEN']);

export function isOxygen(kind: LifelineKind): boolean {
  return OXYGEN.has(kind);
}

/** A level of a lower rank never replaces one of a higher: a model knows no single facility, an estimate counts nothing. */
const RANK_OF: Readonly<Record<Method, number>> = {
  REPORTED: 2,
  DEVICE: 2,
  IMPORTED: 1,
  ESTIMATED: 1,
  MODELLED: 0,
};

export function rankOf(method: Method): number {
  return RANK_OF[method];
}

/** Whether a level is the facility's own word, from which on its beds are limited. */
export function isOwnWord(method: Method): boolean {
  return RANK_OF[method] === 2;
}
