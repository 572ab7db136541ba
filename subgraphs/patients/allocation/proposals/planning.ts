import { callersFault } from '../../../../shared/errors/index.js';
import { propose, UnusableInput } from '../../steering/index.js';
import type { ChosenParameters, Plan, SteeringInput } from '../../steering/rules.js';
import { steeringFacilities, type CasualtyFacility, type SentRow } from './rules/supply.js';

/** The facilities among which a plan distributes patients, and the wave. */
export interface Market {
  facilities: readonly CasualtyFacility[];
  sent: readonly SentRow[];
  /** Facilities that the dispatcher leaves out; those out of reach do not matter. */
  without: readonly string[];
  radiusKm: number;
  wave: number;
  now: Date;
}

/** The patients who need a facility, and the scenes with the hospitals to which people walk. */
type SteeredDemand = Pick<SteeringInput, 'scenes' | 'casualties'>;

/** Returns the plan for the patients. Throws TOO_MUCH for more patients than one plan can have. */
export async function planFor(
  demand: SteeredDemand,
  { facilities, sent, without, now, ...among }: Market,
  { flights, ...parameters }: ChosenParameters,
): Promise<Plan> {
  const leftOut = new Set(without);
  const input = {
    ...demand,
    ...among,
    flights,
    parameters,
    facilities: steeringFacilities(facilities, sent, now),
    without: facilities.flatMap(({ id }) => (leftOut.has(id) ? [id] : [])),
  };
  try {
    return await propose(input);
  } catch (error) {
    if (!(error instanceof UnusableInput)) throw error;
    throw callersFault('TOO_MUCH', error.message);
  }
}
