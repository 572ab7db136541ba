import { callersFault } from '../../../../shared/errors/index.js';
import { propose, UnusableInput } from '../../steering/index.js';
import type { ChosenParameters, Plan, SteeringInput } from '../../steering/rules.js';
import { steeringFacilities, type CasualtyFacility, type SentRow } from './rules/supply.js';

/** Among which houses, and how far on. */
export interface Market {
  facilities: readonly CasualtyFacility[];
  sent: readonly SentRow[];
  /** Those that are out of reach have no part in the plan. */
  without: readonly string[];
  radiusKm: number;
  wave: number;
}

/** Who needs a house, with where people walk to from there. */
type SteeredDemand = Pick<SteeringInput, 'scenes' | 'casualties'>;

/** The plan for who needs a house. Throws TOO_MUCH where there are more patients than one plan takes. */
export async function planFor(
  demand: SteeredDemand,
  { facilities, sent, without, ...among }: Market,
  { flights, ...parameters }: ChosenParameters,
): Promise<Plan> {
  const leftOut = new Set(without);
  const input = {
    ...{ ...demand, ...among, flights, parameters },
    facilities: steeringFacilities(facilities, sent),
    without: facilities.flatMap(({ id }) => (leftOut.has(id) ? [id] : [])),
  };
  try {
    return await propose(input);
  } catch (error) {
    if (!(error instanceof UnusableInput)) throw error;
    throw callersFault('TOO_MUCH', error.message);
  }
}
