import type { SteeringInput } from '../rules/input.js';
import type { Plan } from '../rules/plan.js';

/** A request to the planner's thread. */
export interface PlanRequest {
  id: number;
  input: SteeringInput;
  /** `instant` at which the request was sent. */
  sentAt: number;
}

/** The response of the planner's thread. */
export type PlanResponse = { id: number; plan: Plan } | { id: number; error: Error };

/** Milliseconds on a clock that all threads share and nobody sets. */
export function instant(): number {
  return performance.timeOrigin + performance.now();
}
