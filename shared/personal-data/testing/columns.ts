import type { Pool } from 'pg';
import type { TextColumns } from '../text-columns.js';

/** Every column of a database that can hold any text, as `table.column`, in order. */
export async function textColumnsOfDatabase(db: Pool): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(`
    SELECT c.relname || '.' || a.attname AS name
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm') AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relname <> '_prisma_migrations'
      AND (coalesce(e.typcategory, t.typcategory) = 'S'
        OR coalesce(e.typname, t.typname) IN ('json', 'jsonb', 'bytea', 'xml', 'hstore', 'citext'))
    ORDER BY name`);
  return rows.map(({ name }) => name);
}

/** The columns of a list, as `table.column`, in order. */
export function namesOfColumns(columns: TextColumns): string[] {
  return Object.entries(columns)
    .flatMap(([table, each]) => Object.keys(each).map((column) => `${table}.${column}`))
    .sort();
}
