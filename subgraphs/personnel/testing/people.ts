import { randomUUID } from 'node:crypto';
import { DAY_MS } from '../../../shared/time/rules.js';
import type { CommitmentKind, StaffGroup } from '../generated/prisma/client.js';
import type { PersonnelWorld } from './personnel-world.js';

/** A commitment of a test's person; without a facility it is one to a body that is no facility. */
export interface TestCommitment {
  kind: CommitmentKind;
  facility?: string;
  group?: StaffGroup;
  /** From when it holds; a year ago unless the test says so. */
  from?: Date;
}

interface TestPerson {
  commitments: readonly TestCommitment[];
  /** The person who is counted; a new one unless the test says so. */
  person?: string;
  method?: 'REPORTED' | 'MODELLED';
}

/** Stores one record of a professional with commitments, and returns the id of the record. */
export async function addPerson(
  { pool, clock }: PersonnelWorld,
  { commitments, person = randomUUID(), method = 'REPORTED' }: TestPerson,
): Promise<string> {
  const aYearAgo = new Date(clock.now.getTime() - 365 * DAY_MS);
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO professional (person, home_area, reachability, method, registrant_kind, registered_at, registered_by)
     VALUES ($1, '05315', 'ALWAYS', $2::"Method", 'PERSON', $3, 'test') RETURNING id`,
    [person, method, aYearAgo],
  );
  const { id } = rows[0]!;
  for (const { kind, facility, group, from = aYearAgo } of commitments) {
    const isEmployment = kind === 'MAIN_EMPLOYER' || kind === 'SIDE_JOB';
    await pool.query(
      `INSERT INTO commitment (professional_id, kind, facility_id, staff_group, valid_from, declared_at, declared_by)
       VALUES ($1, $2::"CommitmentKind", $3, $4::"StaffGroup", $5, $5, 'test')`,
      [id, kind, facility ?? null, isEmployment ? (group ?? 'INTENSIVE_CARE_NURSE') : null, from],
    );
  }
  return id;
}

interface TestStaff {
  group?: StaffGroup;
  /** Further commitments: the first person has the first one, and so on. */
  also?: readonly CommitmentKind[];
}

/** Stores people who all work at one facility. */
export async function addStaff(
  world: PersonnelWorld,
  facility: string,
  count: number,
  { group = 'INTENSIVE_CARE_NURSE', also = [] }: TestStaff = {},
): Promise<string[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const kind = also[index];
      const employment: TestCommitment = { kind: 'MAIN_EMPLOYER', facility, group };
      return addPerson(world, { commitments: kind ? [employment, { kind }] : [employment] });
    }),
  );
}

/** Stores how many beds of a category are operable at a facility. */
export async function setOperable(
  { pool, clock }: PersonnelWorld,
  facility: string,
  category: string,
  operable: number,
): Promise<void> {
  await pool.query(
    `INSERT INTO operable_beds (facility_id, category, operable, observed_at, method)
     VALUES ($1, $2::"BedCategory", $3, $4, 'REPORTED')
     ON CONFLICT (facility_id, category) DO UPDATE SET operable = excluded.operable`,
    [facility, category, operable, clock.now],
  );
}

/** Ids of facilities in an area, which lie in the directory of personnel. */
export async function facilitiesIn(
  { pool }: PersonnelWorld,
  area: string,
  count: number,
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM facility WHERE starts_with(area, $1) ORDER BY site_number LIMIT $2',
    [area, count],
  );
  return rows.map(({ id }) => id);
}
