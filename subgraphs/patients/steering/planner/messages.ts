import type { SteeringInput } from '../rules/input.js';
import type { Plan } from '../rules/plan.js';

/** What the planner's thread is asked. */
export interface PlanRequest {
  id: number;
  input: SteeringInput;
  /** `instant` of asking. */
  sentAt: number;
}

/** What it answers. */
export type PlanResponse = { id: number; plan: Plan } | { id: number; error: Error };

/** Milliseconds on a clock that all threads share and nobody sets. */
export function instant(): number {
  return performance.timeOrigin + performance.now();
}
