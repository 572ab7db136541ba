import type { ClientBase } from 'pg';
import { publish } from '../../../shared/outbox/index.js';
import { BOUND_ELSEWHERE, STAFFING_CHANGED } from './events.js';
import { type CountedRecord, regrouped } from './rules/components.js';
import * as statements from './statements.js';

/**
 * Makes everybody else who changes which records count as one person wait until the transaction of `db` ends. Two registrations at once of
 * one person would otherwise not find each other. Every registration takes the lock, so that its time does not reveal whether one was found.
 */
export async function lockPersons(db: ClientBase): Promise<void> {
  await db.query(statements.LOCK_PERSONS);
}

/** A facility whose numbers change. */
export interface ConcernedFacility {
  id: string;
  area: string;
  /** Whether it employs somebody who is registered or erased. */
  isEmployer: boolean;
}

/** Returns the records that count as the same persons as the given ones. */
export async function countedWith(
  db: ClientBase,
  ids: readonly string[],
): Promise<CountedRecord[]> {
  const { rows } = await db.query<CountedRecord>({
    name: 'counted-records',
    text: statements.COUNTED_RECORDS,
    values: [ids],
  });
  return rows;
}

/** Counts records again as the persons that their pairs make of them. Only where `lockPersons` was called before. */
export async function countAgain(db: ClientBase, records: readonly CountedRecord[]): Promise<void> {
  const { rows: pairs } = await db.query<{ a: string; b: string }>({
    name: 'counted-pairs',
    text: statements.COUNTED_PAIRS,
    values: [records.map(({ id }) => id)],
  });
  const changed = regrouped(
    records,
    pairs.map(({ a, b }) => [a, b] as const),
  );
  await db.query({
    name: 'set-persons',
    text: statements.SET_PERSONS,
    values: [changed.map(({ id }) => id), changed.map(({ person }) => person)],
  });
}

/** Returns the facilities whose numbers depend on records, of which some are registered or erased. */
export async function facilitiesConcerned(
  db: ClientBase,
  records: readonly CountedRecord[],
  changed: readonly string[] = [],
): Promise<ConcernedFacility[]> {
  const { rows } = await db.query<ConcernedFacility>({
    name: 'concerned-facilities',
    text: statements.CONCERNED_FACILITIES,
    values: [records.map(({ id }) => id), changed],
  });
  return rows;
}

/** Publishes that the numbers of facilities change. */
export async function publishStaffing(
  db: ClientBase,
  facilities: readonly ConcernedFacility[],
  at: Date,
): Promise<void> {
  await publish(
    db,
    facilities.map(({ id, area, isEmployer }) => ({
      topic: STAFFING_CHANGED,
      entity: id,
      area,
      tags: isEmployer ? [] : [BOUND_ELSEWHERE],
      at,
    })),
  );
}
