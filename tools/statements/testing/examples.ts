import type { Pool } from 'pg';

/** Calls that `npm run check:statements` has to judge; the tests read what it says of each line. */

export const right = (db: Pool, area: string) =>
  db.query<{ id: string; area: string; latitude: number | null; createdAt: Date }>({
    name: 'right',
    text: 'SELECT id, area, latitude, created_at AS "createdAt", kind FROM facility WHERE area = $1',
    values: [area],
  });

export const unknownColumn = (db: Pool) => db.query('DELETE FROM facility WHERE no_such_column');

export const tooFewValues = (db: Pool, area: string) =>
  db.query('DELETE FROM facility WHERE area = $1 AND name = $2', [area]);

export const missingColumn = (db: Pool) =>
  db.query<{ id: string; name: string }>('SELECT id FROM facility');

export const countAsNumber = (db: Pool) =>
  db.query<{ count: number }>('SELECT count(*) AS count FROM facility');

export const forgottenNull = (db: Pool) =>
  db.query<{ operable: number }>('SELECT operable FROM bed');

export const excludedNull = (db: Pool) =>
  db.query<{ operable: number }>('SELECT operable FROM bed WHERE operable IS NOT NULL');

export const lackingLabel = (db: Pool) =>
  db.query<{ tier: 'OWN' }>('SELECT tier FROM bed WHERE operable IS NOT NULL');

export const listOfEnum = (db: Pool) =>
  db.query<{ limitations: string[] }>('SELECT limitations FROM bed');

export const undeclaredRow = async (db: Pool) => (await db.query('SELECT id FROM facility')).rows;

const ORDERS = { name: 'f.name', area: 'f.areas' };
export const oneBranchWrong = (db: Pool, byName: boolean) =>
  db.query<{ id: string }>(
    `SELECT f.id FROM facility f ORDER BY ${byName ? ORDERS.name : ORDERS.area}`,
  );

async function firstOf<Row extends object>(db: Pool, text: string): Promise<Row | undefined> {
  return (await db.query<Row>(text)).rows[0];
}
export const rightThroughFunction = (db: Pool) =>
  firstOf<{ id: string }>(db, 'SELECT id FROM facility');
export const wrongThroughFunction = (db: Pool): Promise<{ id: number } | undefined> =>
  firstOf(db, 'SELECT id FROM facility WHERE area = area');

export const unknownText = (db: Pool, text: string) => db.query(text);
