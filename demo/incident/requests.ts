import { randomUUID } from 'node:crypto';
import type { Caller } from '../client/caller.js';
import { PlayerError } from '../client/player-error.js';
import type { TypedDocument } from '../../shared/graphql-client/index.js';

/** Sends an operation to the hub on behalf of a caller and returns the data. Throws PlayerError. */
export type SendAs = <Data, Variables extends object>(
  caller: Caller,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

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

/** Returns the staff of a facility. */
export function staffOf(facility: string): Caller {
  return { role: 'hospital', facilities: [facility], subject: 'exercise-hospital-staff' };
}
