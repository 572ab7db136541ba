import type { SourceFile } from './sources.js';

/** The tables of a database, and the functions of it that write: which tables each of them writes. */
export interface Tables {
  /** Name of each table by the name of its Prisma model. */
  byModel: ReadonlyMap<string, string>;
  /** Tables that an SQL function writes, by the name of the function. */
  byFunction: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Not "FOR UPDATE OF t", "FOR NO KEY UPDATE" and "ON CONFLICT ... DO UPDATE SET". */
const WRITE =
  /\b(?:INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?|(?<!\b(?:FOR|KEY|DO)\s+)UPDATE)\s+(?:ONLY\s+)?"?([a-z_]+)"?/gi;

const FUNCTION =
  /CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+"?(\w+)"?\s*\((?:(?!\bCREATE\s).)*?\bRETURNS\s+(\w+)(?:(?!\bCREATE\s).)*?\bAS\s+\$(\w*)\$(.*?)\$\3\$/gis;

/** Reads the tables from a Prisma schema, and from SQL the functions that statements call. */
export function tablesOf(prismaSchema: string, sql: string): Tables {
  const models = [...prismaSchema.matchAll(/^model (\w+) \{(.*?)^\}/gms)];
  const byModel = new Map(
    models.map(([, model, body]) => [
      model!.toLowerCase(),
      /@@map\("(\w+)"\)/.exec(body!)?.[1] ?? model!,
    ]),
  );
  const known = new Set(byModel.values());
  const byFunction = new Map<string, Set<string>>();
  for (const [, name, returns, , body] of sql.matchAll(FUNCTION)) {
    // A trigger is part of the statement that fires it.
    if (returns!.toLowerCase() === 'trigger') continue;
    const written = writtenIn(body!, known);
    if (written.size > 0) byFunction.set(name!, written);
  }
  return { byModel, byFunction };
}

/** The tables that a file writes: in SQL, through SQL functions, and through Prisma Client. */
export function tablesWritten({ texts, prismaWrites }: SourceFile, tables: Tables): Set<string> {
  const { byModel, byFunction } = tables;
  const known = new Set(byModel.values());
  const written = new Set(prismaWrites.flatMap((model) => byModel.get(model.toLowerCase()) ?? []));
  for (const text of texts) {
    for (const table of writtenIn(text, known)) written.add(table);
    for (const [name, of] of byFunction) {
      if (new RegExp(`\\b${name}\\s*\\(`).test(text)) for (const table of of) written.add(table);
    }
  }
  return written;
}

function writtenIn(text: string, known: ReadonlySet<string>): Set<string> {
  const named = [...text.matchAll(WRITE)].map(([, table]) => table!.toLowerCase());
  return new Set(named.filter((table) => known.has(table)));
}
