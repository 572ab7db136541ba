import type { PoolClient } from 'pg';
import { listsByKey, recordValues } from '../../../shared/database/index.js';
import type { Job } from '../../../shared/jobs/index.js';
import { type NewEvent, publish, tagOf } from '../../../shared/outbox/index.js';
import { lifelineColumns } from '../generated/columns.js';
import type { Lifeline, LifelineKind, LifelineMovement } from '../generated/prisma/client.js';
import type { LifelineTopic } from './events.js';
import { hoursUntil, newlyPassed } from './rules/levels.js';
import type { KnownDemand } from './rules/loads.js';
import { isOwnLevel } from './rules/limits.js';
import {
  LIFELINES_OF_FACILITIES,
  LOCK_FACILITIES,
  MOVEMENTS_OF_FACILITIES,
  STORE_LIFELINES,
} from './statements.js';
import { declareFailures } from './store-limits.js';

/** The movements of a lifeline that are looked at one by one, the newest. */
const MOST_MOVEMENTS = 500;

/** A facility whose lifelines are being changed, locked until the transaction ends. */
export interface LockedFacility extends KnownDemand {
  id: string;
  area: string;
  /** Its lifelines; what is set here is saved. */
  lifelines: Map<LifelineKind, Lifeline>;
  /** Quantities that arrived at it or were passed on since the given instant, in the order of time, those of long ago summed up where there are very many. */
  movements: readonly LifelineMovement[];
}

/** The lifelines that changed, and the jobs that declare to capacity what follows; they run after the commit. */
interface ChangedLifelines {
  changed: Lifeline[];
  jobs: Job[];
}

/**
 * Changes lifelines of facilities as `decide` says, which sets what it changes, and publishes each change: under the lock of the facility,
 * so that of two reports at once the second sees the first.
 *
 * @param renews Whether declarations of the facilities are looked at, also where no lifeline limits beds any more.
 */
export async function changeLifelines(
  db: PoolClient,
  facilities: readonly string[],
  now: Date,
  decide: (facility: LockedFacility) => void,
  { movementsSince, renews = false }: { movementsSince?: Date; renews?: boolean } = {},
): Promise<ChangedLifelines> {
  const located = await db.query<Pick<LockedFacility, 'id' | 'area' | keyof KnownDemand>>({
    ...LOCK_FACILITIES,
    values: [facilities],
  });
  const before = await db.query<Lifeline>({ ...LIFELINES_OF_FACILITIES, values: [facilities] });
  const ids = located.rows.map(({ id }) => id);
  const since = movementsSince ? await movementsOf(db, ids, movementsSince) : [];
  const moved = listsByKey(ids, since, ({ facilityId }) => facilityId);
  const known = listsByKey(ids, before.rows, ({ facilityId }) => facilityId);
  const changed: Lifeline[] = [];
  const concerned: LockedFacility[] = [];
  const events: NewEvent[] = [];
  for (const [index, row] of located.rows.entries()) {
    const { area } = row;
    const old = new Map(known[index]!.map((one) => [one.kind, one]));
    const facility = { ...row, movements: moved[index]!, lifelines: new Map(old) };
    decide(facility);
    // A limit that no longer holds is withdrawn.
    const limiting = [...old.values(), ...facility.lifelines.values()].some(isOwnLevel);
    if (renews || limiting) concerned.push(facility);
    for (const [kind, lifeline] of facility.lifelines) {
      const earlier = old.get(kind);
      if (lifeline === earlier) continue;
      changed.push(lifeline);
      if (isNoticed(earlier, lifeline)) events.push(eventOf(area, earlier, lifeline, now));
    }
  }
  if (changed.length > 0) {
    await db.query({ ...STORE_LIFELINES, values: recordValues(lifelineColumns, changed) });
    await publish(db, events);
  }
  return { changed, jobs: concerned.length > 0 ? await declareFailures(db, concerned, now) : [] };
}

/** Read behind the lock of the facilities, under which movements are stored. */
async function movementsOf(
  db: PoolClient,
  facilities: readonly string[],
  since: Date,
): Promise<LifelineMovement[]> {
  const values = [facilities, since, MOST_MOVEMENTS];
  return (await db.query<LifelineMovement>({ ...MOVEMENTS_OF_FACILITIES, values })).rows;
}

/** Whether anybody sees a difference: that the clock has looked at it is none, nor that a model has renewed its stock. */
function isNoticed(before: Lifeline | undefined, after: Lifeline): boolean {
  if (!before) return true;
  const { nextCheckAt: _, unbookedRise: __, ...now } = after;
  if (now.renewEveryHours !== null && now.passedHours === before.passedHours) {
    return now.load !== before.load || now.supplied !== before.supplied;
  }
  const { nextCheckAt: ___, unbookedRise: ____, ...then } = before;
  return JSON.stringify(then) !== JSON.stringify(now);
}

function eventOf(
  area: string,
  before: Lifeline | undefined,
  { id, facilityId, kind, failsAt, passedHours }: Lifeline,
  now: Date,
): NewEvent {
  const passed = newlyPassed(before?.passedHours ?? null, passedHours);
  const topic: LifelineTopic =
    passed.length > 0 ? 'supply.lifeline-threshold-passed' : 'supply.lifeline-changed';
  return {
    topic,
    entity: id,
    area,
    at: now,
    tags: [
      tagOf('facility', facilityId),
      tagOf('kind', kind),
      ...passed.map((hours) => tagOf('passed', `${hours}`)),
      ...[before?.failsAt, failsAt].flatMap((at) =>
        at == null ? [] : tagOf('minutes', `${Math.floor(hoursUntil(at, now) * 60)}`),
      ),
    ],
  };
}
