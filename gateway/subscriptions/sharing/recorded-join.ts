import type { Logger } from 'pino';
import type { Member } from './message.js';
import { noLongerValid } from './schema-change.js';

/** What is recorded of one member of a subscription. */
export interface MemberRecords {
  /** Resolves once the beginning is stored. */
  began(): Promise<void>;
  ended(messages: number): void;
  log: Logger;
}

/**
 * Lets a member join once it is stored that it watches, and has its leaving stored with the number of messages it got. Returns
 * how to leave, also while it has not joined yet.
 */
export function joinRecorded(
  member: Member,
  join: (member: Member) => () => void,
  records: MemberRecords,
): () => void {
  let leave: (() => void) | undefined;
  let isBegun = false;
  let isOver = false;
  let messages = 0;
  const counted: Member = {
    deliver(some) {
      messages += some.length;
      member.deliver(some);
    },
    end: (errors) => member.end(errors),
  };
  const begin = async () => {
    await records.began();
    isBegun = true;
    if (isOver) {
      records.ended(0);
      return;
    }
    leave = join(counted);
    if (isOver) leave(); // ended by what was delivered on joining
  };
  begin().catch((error: unknown) => {
    if (isOver) return;
    member.end(noLongerValid(records.log, error));
  });
  return () => {
    if (isOver) return;
    isOver = true;
    leave?.();
    if (isBegun) records.ended(messages);
  };
}
