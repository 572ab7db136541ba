import type pg from 'pg';

/**
 * Returns a function that brings a world back to its beginning: the clock, and every table that was empty then. It takes a fraction
 * of the processor time of another world. The tests of such a world change no reference data, and wait for what they have begun.
 */
export async function backToStart(world: {
  pool: pg.Pool;
  clock: { now: Date };
}): Promise<() => Promise<void>> {
  const { pool, clock } = world;
  const start = clock.now;
  const deletions = (await emptyTables(pool)).map((table) => `DELETE FROM ${table}`);
  // As a replica applies changes: no trigger judges them, and no order of the tables matters.
  const statements = [
    'BEGIN',
    'SET LOCAL session_replication_role = replica',
    ...deletions,
    'COMMIT',
  ];
  return async () => {
    clock.now = start;
    await pool.query(statements.join('; '));
  };
}

async function emptyTables(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I', relname) AS name FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  const isEmpty = rows.map(
    ({ name }) => `SELECT '${name}' AS name WHERE NOT EXISTS (SELECT FROM ${name})`,
  );
  const found = await pool.query<{ name: string }>(isEmpty.join(' UNION ALL '));
  return found.rows.map(({ name }) => name);
}
