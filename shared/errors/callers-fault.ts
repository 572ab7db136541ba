import { GraphQLError } from 'graphql';

/** Codes of faults of callers. Everything else is our fault and is masked. */
export const CALLERS_FAULTS = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'TOO_MUCH',
  'CURSOR_EXPIRED',
] as const;
export type CallersFault = (typeof CALLERS_FAULTS)[number];

/** An error the caller can act on; the message says what was expected, what was received, and what to do. */
export function callersFault(code: CallersFault, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
