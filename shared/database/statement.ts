/** An SQL text under a name of its own: each connection parses it once, which takes longer than most take to run. */
export interface Statement {
  name: string;
  text: string;
}

/**
 * SQL for "any of the ids in this parameter". PostgreSQL does not see ids behind a SELECT when it makes a plan, so that it uses
 * one plan for all calls; otherwise a plan for few ids looks cheaper, and it makes a plan with every call.
 */
export function anyOf(parameter: string): string {
  return `ANY ((SELECT ${parameter}::uuid[])::uuid[])`;
}
