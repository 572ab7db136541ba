import { PlayerError } from '../client/player-error.js';
import type { Speaker } from '../client/development-token.js';

/** Asks the hub in somebody's name. Throws PlayerError. */
export type Ask = <Data>(speaker: Speaker, query: string, variables: object) => Promise<Data>;

/** What a mutation answers: the thing itself, or a refusal with its facts. */
export interface Outcome {
  __typename: string;
  message?: string;
}

/** The outcome, when it is of the expected kind. Throws PlayerError with the hub's words otherwise. */
export function accepted<T extends Outcome>(outcome: T | null, expected: string, what: string): T {
  if (outcome?.__typename === expected) return outcome;
  throw new PlayerError(`The hub refused to ${what}: ${outcome?.message ?? 'it gave no reason.'}`);
}

/** The control room that leads the scene. */
export function controlRoomOf(area: string): Speaker {
  return { role: 'dispatch', areas: [area], subject: 'exercise-control-room' };
}

/** The staff of a house. */
export function staffOf(facility: string): Speaker {
  return { role: 'hospital', facilities: [facility], subject: 'exercise-hospital-staff' };
}
