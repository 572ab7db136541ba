/** Topics of the changes of a closure. Their events name the closure as their entity and are tagged with `facility` and `department`. */
export type ClosureTopic =
  | 'capacity.closure-declared'
  | 'capacity.closure-reopened'
  | 'capacity.closure-overridden'
  | 'capacity.closure-lapsed';

const PREFIX = 'capacity.closure-';

export function isOfClosure({ topic }: { topic: string }): boolean {
  return topic.startsWith(PREFIX);
}
