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

/**
 * Throws BAD_USER_INPUT with the sentence of a fault that a rule has found in an input, such as `reasonFault(input.reason)`.
 * Does nothing where the rule found none, which is undefined.
 */
export function throwIfFault(fault: string | undefined): void {
  if (fault !== undefined) throw callersFault('BAD_USER_INPUT', fault);
}
