import { randomUUID } from 'node:crypto';
import { type Caller, developmentTokens } from './caller.js';
import type { HubClient } from './hub-client.js';
import { PlayerError } from './player-error.js';
import { withRetries } from './retries.js';
import type { TypedDocument } from '../../shared/graphql-client/index.js';

/** Sends an operation to the hub on behalf of a caller and returns the data. Throws PlayerError. */
export type SendAs = <Data, Variables extends object>(
  caller: Caller,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

/** Requests are repeated even after a stop, so that nothing is left half done. */
const NEVER = new AbortController().signal;

/**
 * Returns a sender that acts under development tokens. Every mutation carries a key or reports what is the case already, so that a request
 * whose response was lost may be repeated.
 */
export function senderOf(
  client: HubClient,
  { dataFolder, oidcAudience }: { dataFolder: string; oidcAudience: string },
): SendAs {
  return (caller, document, variables) =>
    withRetries(NEVER, () => {
      const tokens = developmentTokens(dataFolder, oidcAudience, caller);
      return client.request(tokens, document, variables);
    });
}

/** The input of a mutation that takes effect once per key. */
interface KeyedInput {
  readonly idempotencyKey?: string | null;
}

/** Returns an input with a new key, so that the mutation takes effect once however often it is sent. */
export function withKey<Input extends KeyedInput>(
  input: Omit<Input, 'idempotencyKey'>,
): { input: Input } {
  return { input: { ...input, idempotencyKey: randomUUID() } as Input };
}

/** Any member of the union that a mutation returns: the changed entity, or a refusal with its message. */
interface Outcome {
  readonly __typename: string;
  readonly message?: string;
}

/** Returns the outcome when it is of the expected type. Otherwise throws PlayerError with the message of the refusal. */
export function accepted<Result extends Outcome, Name extends Result['__typename']>(
  outcome: Result | null | undefined,
  expected: Name,
  action: string,
): Extract<Result, { __typename: Name }> {
  if (outcome?.__typename === expected) {
    return outcome as Extract<Result, { __typename: Name }>;
  }
  throw new PlayerError(
    `The hub refused to ${action}: ${outcome?.message ?? 'it gave no reason.'}`,
  );
}

/** Returns the control room that leads the scene in an area. */
export function controlRoomOf(area: string): Caller {
  return { role: 'dispatch', areas: [area], subject: 'exercise-control-room' };
}

/** Returns the crisis staff of an area. */
export function crisisStaffOf(area: string): Caller {
  return { role: 'crisis-staff', areas: [area], subject: 'exercise-crisis-staff' };
}

/** Returns a supplier, who acts for one organisation. */
export function supplierOf(organisation: string, area: string): Caller {
  const organisations = [organisation];
  return { role: 'supplier', areas: [area], organisations, subject: 'exercise-supplier' };
}

/** Returns the staff of a facility. */
export function staffOf(facility: string): Caller {
  return { role: 'hospital', facilities: [facility], subject: 'exercise-hospital-staff' };
}
