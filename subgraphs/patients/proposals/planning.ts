import { callersFault } from '../../../shared/errors/callers-fault.js';
import { propose, UnusableInput } from '../steering/propose.js';
import type { Chosen } from '../steering/rules/catalogue.js';
import type { Plan } from '../steering/rules/plan.js';
import type { Demand } from './rules/demand.js';
import { housesFor, type KnownHouse, type SentRow } from './rules/supply.js';

/** Among which houses, and how far on. */
export interface Among {
  houses: readonly KnownHouse[];
  sent: readonly SentRow[];
  without: readonly string[];
  radiusKm: number;
  wave: number;
}

/** The plan for who needs a house. Throws TOO_MUCH where there are more patients than one plan takes. */
export async function planFor(
  demand: Demand,
  { houses, sent, ...among }: Among,
  { flights, ...parameters }: Chosen,
): Promise<Plan> {
  const input = { ...demand, ...among, houses: housesFor(houses, sent), flights, parameters };
  try {
    return await propose(input);
  } catch (error) {
    if (!(error instanceof UnusableInput)) throw error;
    throw callersFault('TOO_MUCH', error.message);
  }
}
