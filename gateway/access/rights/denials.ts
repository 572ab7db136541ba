import { GraphQLError } from 'graphql';
import { areMet, type Condition } from './conditions.js';

/** A field of an operation that its sender may not see. */
export interface Denial {
  /** Response names from the root on; "@" stands for every entry of a list. */
  path: readonly string[];
  /** What its sender lacks, in words. */
  missing: string;
  conditions: readonly Condition[];
}

/** Who selects more than that he may not see is told of so many; all are null. */
export const MOST_DENIALS_TOLD = 100;

export const UNAUTHORIZED = 'UNAUTHORIZED_FIELD_OR_TYPE';

/** One error for each place that this request really selects. */
export function denialErrors(
  denials: readonly Denial[],
  variables: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  const told = new Map<string, GraphQLError>();
  for (const denial of denials) {
    const { path, conditions } = denial;
    if (areMet(conditions, variables)) told.set(JSON.stringify(path), denialError(denial));
  }
  return [...told.values()];
}

export function denialError({ path, missing }: Pick<Denial, 'path' | 'missing'>): GraphQLError {
  return new GraphQLError(
    `Unauthorized field or type: it needs ${missing}, which the roles of your token do not give.`,
    { path: [...path], extensions: { code: UNAUTHORIZED } },
  );
}
