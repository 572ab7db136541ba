import type { Logger } from 'pino';
import type { Subscriber } from './message.js';
import { noLongerValid } from './schema-change.js';

/** Records one subscriber of a subscription. */
export interface SubscriberRecords {
  /** Resolves once the beginning is stored. */
  recordStart(): Promise<void>;
  recordEnd(messages: number): void;
  log: Logger;
}

/**
 * Lets a subscriber join once its beginning is recorded, and records its end with the number of messages it got. Returns a
 * function that leaves, also before it has joined.
 */
export function joinRecorded(
  subscriber: Subscriber,
  join: (subscriber: Subscriber) => () => void,
  records: SubscriberRecords,
): () => void {
  let leave: (() => void) | undefined;
  let isStarted = false;
  let hasLeft = false;
  let messages = 0;
  const counted: Subscriber = {
    deliver(some) {
      messages += some.length;
      subscriber.deliver(some);
    },
    end: (errors) => subscriber.end(errors),
  };
  const begin = async () => {
    await records.recordStart();
    isStarted = true;
    if (hasLeft) {
      records.recordEnd(0);
      return;
    }
    leave = join(counted);
    if (hasLeft) leave(); // a delivery on joining ended it
  };
  begin().catch((error: unknown) => {
    if (hasLeft) return;
    subscriber.end(noLongerValid(records.log, error));
  });
  return () => {
    if (hasLeft) return;
    hasLeft = true;
    leave?.();
    if (isStarted) records.recordEnd(messages);
  };
}
