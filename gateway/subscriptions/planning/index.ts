/** One operation upstream for a client's subscription, and a plan for each event. */
export { executeEvent } from './execute-event.js';
export type { SubscriptionPlan } from './plan.js';
export {
  type OperationRequest,
  type PreparedSubscription,
  SubscriptionPreparation,
} from './prepare.js';
export { OperationRefusal } from './valid-documents.js';
