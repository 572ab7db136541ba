import { GraphQLError } from 'graphql';
import { areMet, type Condition } from './conditions.js';

/** A field of an operation that its caller may not see. */
export interface Denial {
  /** Response names from the root on; "@" means every entry of a list. */
  path: readonly string[];
  /** The right that the caller lacks, in words. */
  missing: string;
  conditions: readonly Condition[];
}

/** The largest number of denials with an error; further denied fields are null without one. */
export const MAX_REPORTED_DENIALS = 100;

export const UNAUTHORIZED = 'UNAUTHORIZED_FIELD_OR_TYPE';

/** Returns one error for each denied path that this request really selects. */
export function denialErrors(
  denials: readonly Denial[],
  variables: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  const errors = new Map<string, GraphQLError>();
  for (const denial of denials) {
    const { path, conditions } = denial;
    if (areMet(conditions, variables)) errors.set(JSON.stringify(path), denialError(denial));
  }
  return [...errors.values()];
}

export function denialError({ path, missing }: Pick<Denial, 'path' | 'missing'>): GraphQLError {
  return new GraphQLError(
    `Unauthorized field or type: it needs ${missing}, which the roles of your token do not give.`,
    { path: [...path], extensions: { code: UNAUTHORIZED } },
  );
}
