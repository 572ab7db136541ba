import type { ClientBase } from 'pg';
import {
  namesOf,
  omit,
  overwritesOf,
  recordsOf,
  recordValues,
} from '../../../shared/database/index.js';
import { facilityColumns } from '../generated/columns.js';
import type { Facility } from '../generated/prisma/client.js';

const FACILITY = omit(facilityColumns, 'createdAt', 'declaredId');

const STORE_FACILITIES = `
INSERT INTO facility (${namesOf(FACILITY)}, created_at)
SELECT ${namesOf(FACILITY)}, $1 FROM ${recordsOf(FACILITY, 2)} AS given
ON CONFLICT (id) DO UPDATE SET ${overwritesOf(omit(FACILITY, 'id', 'siteNumber'))}`;

/** Stores the facilities of an edition of the reference data; those that are known keep their ids. */
export async function storeFacilities(
  db: ClientBase,
  facilities: readonly Pick<Facility, keyof typeof FACILITY>[],
  now: Date,
): Promise<void> {
  await db.query(STORE_FACILITIES, [now, ...recordValues(FACILITY, facilities)]);
}

/** Puts a declaration of capabilities in force. */
export async function setDeclared(
  db: ClientBase,
  facility: string,
  declaration: string,
): Promise<void> {
  await db.query({
    name: 'set-declared-capabilities',
    text: 'UPDATE facility SET declared_id = $2 WHERE id = $1',
    values: [facility, declaration],
  });
}
