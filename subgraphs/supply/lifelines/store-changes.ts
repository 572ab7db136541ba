import type { PoolClient } from 'pg';
import { listsByKey, recordValues } from '../../../shared/database/index.js';
import { type NewEvent, publish, tagOf } from '../../../shared/outbox/index.js';
import { lifelineColumns } from '../generated/columns.js';
import type { Lifeline, LifelineKind } from '../generated/prisma/client.js';
import { hoursUntil, newlyPassed } from './rules/levels.js';
import { LIFELINES_OF_FACILITIES, LOCK_FACILITIES, STORE_LIFELINES } from './statements.js';

/** A facility whose lifelines are being changed, locked until the transaction ends. */
export interface LockedFacility {
  id: string;
  area: string;
  /** Its lifelines; what is set here is saved. */
  lifelines: Map<LifelineKind, Lifeline>;
}

/**
 * Changes lifelines of facilities as `decide` says, which sets what it changes, and publishes each change: under the lock of the facility,
 * so that of two reports at once the second sees the first. Returns the lifelines that changed.
 */
export async function changeLifelines(
  db: PoolClient,
  facilities: readonly string[],
  now: Date,
  decide: (facility: LockedFacility) => void,
): Promise<Lifeline[]> {
  const located = await db.query<{ id: string; area: string }>({
    ...LOCK_FACILITIES,
    values: [facilities],
  });
  const before = await db.query<Lifeline>({ ...LIFELINES_OF_FACILITIES, values: [facilities] });
  const ids = located.rows.map(({ id }) => id);
  const known = listsByKey(ids, before.rows, ({ facilityId }) => facilityId);
  const changed: Lifeline[] = [];
  const events: NewEvent[] = [];
  for (const [index, { id, area }] of located.rows.entries()) {
    const old = new Map(known[index]!.map((one) => [one.kind, one]));
    const facility = { id, area, lifelines: new Map(old) };
    decide(facility);
    for (const [kind, lifeline] of facility.lifelines) {
      const earlier = old.get(kind);
      if (lifeline === earlier) continue;
      changed.push(lifeline);
      if (isNoticed(earlier, lifeline)) events.push(eventOf(area, earlier, lifeline, now));
    }
  }
  if (changed.length === 0) return changed;
  await db.query({ ...STORE_LIFELINES, values: recordValues(lifelineColumns, changed) });
  await publish(db, events);
  return changed;
}

/** Whether anybody sees a difference: that the clock has looked at it is none, nor that a model has renewed its stock. */
function isNoticed(before: Lifeline | undefined, { nextCheckAt: _, ...now }: Lifeline): boolean {
  if (!before) return true;
  if (now.renewEveryHours !== null && now.passedHours === before.passedHours) {
    return now.load !== before.load || now.supplied !== before.supplied;
  }
  const { nextCheckAt: __, ...then } = before;
  return JSON.stringify(then) !== JSON.stringify(now);
}

function eventOf(
  area: string,
  before: Lifeline | undefined,
  { id, facilityId, kind, failsAt, passedHours }: Lifeline,
  now: Date,
): NewEvent {
  const passed = newlyPassed(before?.passedHours ?? null, passedHours);
  return {
    topic: passed.length > 0 ? 'supply.lifeline-threshold-passed' : 'supply.lifeline-changed',
    ...{ entity: id, area, at: now },
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
