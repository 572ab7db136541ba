import { GraphQLError } from 'graphql';
import type { Fault } from '../validation/rules.js';

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
 * Throws the fault that a rule has found in an input, such as `reasonFault(input.reason)`, as BAD_USER_INPUT or with the code that it
 * names. Does nothing where the rule found none, which is undefined.
 */
export function throwIfFault(fault: Fault | undefined): void {
  if (fault === undefined) return;
  if (typeof fault === 'string') throw callersFault('BAD_USER_INPUT', fault);
  throw callersFault(fault.code, fault.message);
}
