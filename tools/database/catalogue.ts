import type pg from 'pg';

/** A section of the snapshot: a statement whose rows are `line`, in a stable order. */
const SECTIONS: readonly string[] = [
  `SELECT format('TYPE %s: %s', t.oid::regtype, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)) AS line
   FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
   WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.oid ORDER BY t.typname`,

  `SELECT line FROM (
     SELECT c.relname AS name, 0 AS part, '' AS sort,
       E'\\n' || CASE c.relkind WHEN 'v' THEN 'VIEW ' WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'TABLE ' END || c.relname
         || COALESCE(E'\\n  COMMENT ' || obj_description(c.oid, 'pg_class'), '')
         || COALESCE(E'\\n  AS ' || pg_get_viewdef(c.oid), '') AS line
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
     UNION ALL
     SELECT c.relname, 1, lpad(a.attnum::text, 4, '0'),
       format('  %s %s', a.attname, format_type(a.atttypid, a.atttypmod))
         || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
         || CASE WHEN a.attgenerated <> '' THEN ' GENERATED ' || pg_get_expr(d.adbin, d.adrelid)
              ELSE COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') END
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
     UNION ALL
     -- NOT NULL stands at the column.
     SELECT c.relname, 2, k.conname, format('  CONSTRAINT %s %s', k.conname, pg_get_constraintdef(k.oid))
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
     WHERE k.connamespace = 'public'::regnamespace AND k.contype NOT IN ('n', 't')
     UNION ALL
     SELECT c.relname, 3, i.relname, '  ' || pg_get_indexdef(i.oid)
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
     WHERE c.relnamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
     UNION ALL
     SELECT c.relname, 4, t.tgname, '  ' || pg_get_triggerdef(t.oid)
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
     UNION ALL
     SELECT c.relname, 5, a.grantee::regrole::text,
       format('  GRANT %s TO %s', string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type), a.grantee::regrole)
     FROM pg_class c, aclexplode(c.relacl) a
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.grantee <> c.relowner
     GROUP BY c.relname, a.grantee
   ) lines ORDER BY name, part, sort`,

  `SELECT format('SEQUENCE %s %s%s', c.relname, s.seqtypid::regtype,
       (SELECT string_agg(format(E'\\n  GRANT %s TO %s', privileges, grantee), '' ORDER BY grantee) FROM (
          SELECT a.grantee::regrole::text AS grantee, string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) AS privileges
          FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner GROUP BY a.grantee) g)) AS line
   FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
   WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.relname`,

  `SELECT format(E'FUNCTION %s(%s) RETURNS %s\\n  %s %s%s%s%s%s, body sha256 %s', p.proname, pg_get_function_arguments(p.oid),
       pg_get_function_result(p.oid), l.lanname,
       CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END,
       CASE p.proparallel WHEN 's' THEN ' PARALLEL SAFE' WHEN 'r' THEN ' PARALLEL RESTRICTED' ELSE '' END,
       CASE WHEN p.prosecdef THEN ' SECURITY DEFINER' ELSE '' END,
       CASE WHEN p.proretset THEN ' ROWS ' || p.prorows ELSE '' END,
       COALESCE(' SET ' || array_to_string(p.proconfig, ', '), ''),
       encode(sha256(convert_to(COALESCE(pg_get_function_sqlbody(p.oid), p.prosrc), 'UTF8')), 'hex')) AS line
   FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
   WHERE p.pronamespace = 'public'::regnamespace ORDER BY p.proname, pg_get_function_arguments(p.oid)`,
];

/** The text of what a database consists of, without its rows: the same for two databases with the same structure. */
export async function describeDatabase(session: pg.Client): Promise<string> {
  const sections: string[] = [];
  for (const statement of SECTIONS) {
    const { rows } = await session.query<{ line: string }>(statement);
    sections.push(
      rows
        .map(({ line }) => line)
        .join('\n')
        .trim(),
    );
  }
  return [
    '-- Written by `npm run snapshots` from the catalogue of a migrated database: its difference is the review of a migration.',
    ...sections.filter(Boolean),
  ].join('\n\n');
}
