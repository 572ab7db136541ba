import { statedOutage } from '../../../../shared/errors/index.js';
import { orUnavailable } from '../../../../shared/subgraph-client/index.js';
import type { Caller } from '../../../../shared/identity/index.js';
import { seesEveryIntake } from '../../access/index.js';
import { type FacilityStore } from '../../capacity-client/index.js';
import { wanted, type Outcome } from '../jobs/rules.js';
import type { TransferJobs } from '../jobs/index.js';
import type { ReservedSlotInput } from '../../generated/graphql.js';
import type { TransferRow } from '../lifecycle/index.js';
import type { NamedSlot } from './rules.js';

/** Message for a facility whose acceptance is stored but has no slot yet. */
export const NOTED =
  'Your acceptance is noted. The slot cannot be reserved at the moment, because capacity does not respond; the hub retries by itself. Do nothing, and look at `accepting` and `status` of the transfer.';

export function notYet(): never {
  throw statedOutage(NOTED);
}

/** Returns the area of a destination; undefined when there is none. Nothing is changed while capacity is unavailable. */
export function areaOf(
  facilities: FacilityStore,
  destination: string,
): Promise<string | undefined> {
  return orUnavailable(
    'Capacity does not respond, so the destination cannot be looked up. Nothing was changed; try again in some seconds.',
    () => facilities.areaOf(destination),
  );
}

/** Looks up the reserved slot that the caller names. Nothing is changed while capacity does not respond. */
export async function lookUpSlot(
  jobs: TransferJobs,
  named: ReservedSlotInput | null | undefined,
): Promise<NamedSlot | undefined> {
  if (!named) return undefined;
  const kept = await orUnavailable(
    'Capacity does not respond, so the reserved slot cannot be looked up. Nothing was changed; try again in some seconds, or leave `reservation` out.',
    () => jobs.reservedSlot(named),
  );
  return { ...named, kept };
}

export function noSlotLeft(
  transfer: TransferRow,
  { free, notSustainable = false, alternatives }: Extract<Outcome, { is: 'NO_PLACE' }>,
  caller: Caller,
) {
  const { bedCategory, intake } = wanted(transfer);
  const what = bedCategory ?? `the intake of ${intake}`;
  return {
    __typename: 'NoSlotLeft' as const,
    message: `Accepting needs a slot of ${what}; ${whyNone(free, notSustainable)}`,
    facility: { id: transfer.toFacility! },
    bedCategory,
    intake,
    free,
    notSustainable,
    // Only control rooms and crisis staff, who steer patients, see the free intake of other facilities.
    alternatives:
      bedCategory || seesEveryIntake(caller)
        ? alternatives.map(({ facility, ...slot }) => ({ ...slot, facility: { id: facility } }))
        : null,
  };
}

function whyNone(free: number | null, notSustainable: boolean): string {
  if (notSustainable) {
    return 'the facility cannot sustain its care. Refuse, so that another facility is requested; where the lifeline lasts after all, report its level or override the limit, and accept again.';
  }
  const left = free === null ? 'the facility has stated no numbers' : `${free} are left`;
  return `${left}. Report the numbers if they are wrong, or refuse so that the next facility is requested.`;
}
