/** The events of a plan, whose id is their entity. `allocationChanged` delivers all of them. */
export type AllocationTopic =
  | 'patients.allocation-proposed'
  | 'patients.allocation-confirming'
  | 'patients.allocation-confirmed'
  | 'patients.allocation-discarded';

export function isOfPlan({ topic }: { topic: string }): boolean {
  return topic.startsWith('patients.allocation-');
}

/**
 * Whether an event is also delivered where patients are sent to. That is so from the confirmation on, and for the discarding
 * of a plan whose confirmation had begun.
 */
export function concernsDestinations(topic: AllocationTopic, wasConfirming: boolean): boolean {
  return (
    wasConfirming ||
    topic === 'patients.allocation-confirming' ||
    topic === 'patients.allocation-confirmed'
  );
}
