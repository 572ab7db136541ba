import type { Caller } from '../client/caller.js';
import { PlayerError } from '../client/player-error.js';
import { accepted, crisisStaffOf, type SendAs } from '../client/requests.js';
import { allNodes } from '../../shared/graphql-client/index.js';
import {
  BlackoutPlanDocument,
  BlackoutSituationDocument,
  type BedCategory,
  type BlackoutSituationQuery,
  type RefuellingVehicleInput,
} from './generated/operations.js';

const INTENSIVE: ReadonlySet<BedCategory> = new Set([
  'ICU_UNSPECIFIED',
  'ICU_LOW_CARE',
  'ICU_HIGH_CARE',
  'ECMO',
]);

type Beds = readonly { category: BedCategory; operable: number | null }[];
export type SituationNode = NonNullable<BlackoutSituationQuery['lifelines']>['nodes'][number];

/** The crisis staff of the area, as a client of the hub's public API. Throws PlayerError. */
export class CrisisStaff {
  readonly #send: SendAs;
  readonly #caller: Caller;
  readonly #area: string;

  constructor(send: SendAs, area: string) {
    this.#send = send;
    this.#caller = crisisStaffOf(area);
    this.#area = area;
  }

  /** Returns the hospitals of an area of whose fuel something is known, those that fail first first. */
  situation(area: string): Promise<SituationNode[]> {
    return allNodes(async (after) => {
      const variables = { area, after };
      const { lifelines } = await this.#send(this.#caller, BlackoutSituationDocument, variables);
      if (!lifelines) throw new PlayerError('The hub shows no lifelines: look at its log.');
      return lifelines;
    });
  }

  /** Lets the hub plan which lorry refuels whom. */
  async plan(vehicles: RefuellingVehicleInput[]) {
    const { planRefuelling } = await this.#send(this.#caller, BlackoutPlanDocument, {
      input: { area: this.#area, vehicles },
    });
    return accepted(planRefuelling, 'RefuellingPlan', 'plan the refuelling');
  }
}

export function intensiveBeds(beds: Beds): number {
  const counted = beds.filter(({ category }) => INTENSIVE.has(category));
  return counted.reduce((sum, { operable }) => sum + (operable ?? 0), 0);
}
