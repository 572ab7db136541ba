import { relative } from 'node:path';
import { projectPath } from '../root.js';

/** The position of an error in a text, as PostgreSQL reports it; `position` counts characters from 1. */
interface LocatedError {
  position?: string;
  where?: string;
}

/** Where in the SQL file at `path` an error lies, as far as PostgreSQL knows it: `<file>:<line> (<context>)`. */
export function locateSqlError(path: string, sql: string, error: unknown): string {
  const { position, where } = error as LocatedError;
  const line = position ? `:${lineAt(sql, Number(position))}` : '';
  return `${relative(projectPath(), path)}${line}${where ? ` (${where})` : ''}`;
}

const lineAt = (text: string, position: number): number =>
  Array.from(text)
    .slice(0, position - 1)
    .filter((character) => character === '\n').length + 1;
