import { GraphQLError } from 'graphql';
import type { Caller } from '../../../../shared/identity/index.js';
import { seesEveryIntake } from '../../access/index.js';
import { type FacilityStore, orUnavailable } from '../../capacity-client/index.js';
import { wanted, type Outcome } from '../jobs/rules.js';
import type { TransferJobs } from '../jobs/store.js';
import type { ReservedPlaceInput } from '../../generated/graphql.js';
import type { TransferRow } from '../lifecycle/row.js';
import type { NamedSlot } from './rules.js';

/** What a house is told whose acceptance stands in the books but has no place yet. */
export const NOTED =
  'Your acceptance is noted. The place cannot be claimed at the moment, because capacity does not answer; the hub goes on trying by itself. Do nothing, and look at `accepting` and `status` of the transfer.';

export function notYet(): never {
  throw new GraphQLError(NOTED, { extensions: { code: 'SERVICE_UNAVAILABLE' } });
}

/** Where a destination lies; undefined when there is none. Nothing is changed while that cannot be known. */
export function areaOf(
  facilities: FacilityStore,
  destination: string,
): Promise<string | undefined> {
  return orUnavailable(
    'Capacity does not answer, so the destination cannot be looked up. Nothing was changed; try again in some seconds.',
    () => facilities.areaOf(destination),
  );
}

/** A reserved place as the caller names it, with what capacity says of it. Nothing is changed while that cannot be known. */
export async function lookUpSlot(
  jobs: TransferJobs,
  named: ReservedPlaceInput | null | undefined,
): Promise<NamedSlot | undefined> {
  if (!named) return undefined;
  const kept = await orUnavailable(
    'Capacity does not answer, so the reserved place cannot be looked up. Nothing was changed; try again in some seconds, or leave `reservation` out.',
    () => jobs.reservedSlot(named),
  );
  return { ...named, kept };
}

export function noPlaceLeft(
  transfer: TransferRow,
  { free, alternatives }: Extract<Outcome, { is: 'NO_PLACE' }>,
  caller: Caller,
) {
  const { bedCategory, intake } = wanted(transfer);
  const what = bedCategory ?? `the intake of ${intake}`;
  const left = free === null ? 'the house has stated no numbers' : `${free} are left`;
  return {
    __typename: 'NoPlaceLeft' as const,
    message: `Accepting needs a place of ${what}; ${left}. Report the numbers if they are wrong, or refuse so that the next house is asked.`,
    facility: { id: transfer.toFacility! },
    category: bedCategory,
    intake,
    free,
    // Which other houses have an intake left is for those who steer to them.
    alternatives: (bedCategory || seesEveryIntake(caller) ? alternatives : []).map(
      ({ facility, ...slot }) => ({
        ...slot,
        facility: { id: facility },
      }),
    ),
  };
}
