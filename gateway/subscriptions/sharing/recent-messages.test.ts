import { Message } from './message.js';
import { RecentMessages } from './recent-messages.js';

const message = (cursor: string | undefined, bytes = 10) =>
  new Message({ data: { note: 'x'.repeat(bytes) } }, cursor);
const cursorsAfter = (recent: RecentMessages, cursor: string) =>
  recent.after(cursor)?.map((found) => found.cursor);

describe('the memory of a group', () => {
  it('returns what followed a cursor, also the first one', () => {
    const recent = new RecentMessages('a');
    for (const cursor of ['b', 'c']) recent.add(message(cursor));
    expect(cursorsAfter(recent, 'a')).toEqual(['b', 'c']);
    expect(cursorsAfter(recent, 'b')).toEqual(['c']);
    expect(cursorsAfter(recent, 'c')).toEqual([]);
    expect(cursorsAfter(recent, 'z')).toBeUndefined();
  });

  it('is bounded, and what it forgot it does not pretend to know', () => {
    const recent = new RecentMessages('a');
    for (const cursor of ['b', 'c', 'd']) recent.add(message(cursor, 100_000));
    expect(cursorsAfter(recent, 'a')).toBeUndefined();
    expect(cursorsAfter(recent, 'b')).toEqual(['c', 'd']);
  });

  it('is given to nobody five minutes later, because a patient in it may be erased by then', () => {
    let now = 0;
    const recent = new RecentMessages('a', () => now);
    recent.add(message('b'));
    now = 300_000;
    recent.add(message('c'));
    expect(cursorsAfter(recent, 'a')).toEqual(['b', 'c']);
    now += 1;
    expect(cursorsAfter(recent, 'a')).toBeUndefined();
    expect(cursorsAfter(recent, 'b')).toEqual(['c']);
    now += 300_000;
    expect(cursorsAfter(recent, 'b')).toBeUndefined();
    expect(cursorsAfter(recent, 'c')).toEqual([]);
  });

  it('keeps the newest message however long it is', () => {
    const recent = new RecentMessages('a');
    for (const cursor of ['b', 'c']) recent.add(message(cursor, 1_000_000));
    expect(cursorsAfter(recent, 'b')).toEqual(['c']);
  });

  it('forgets everything before an event that failed, so that its change is read again', () => {
    const recent = new RecentMessages('a');
    for (const cursor of ['b', undefined, 'c']) recent.add(message(cursor));
    expect(cursorsAfter(recent, 'a')).toBeUndefined();
    expect(cursorsAfter(recent, 'b')).toBeUndefined();
    expect(cursorsAfter(recent, 'c')).toEqual([]);
  });

  it('never gives a message that lacks something, and begins behind it', () => {
    const recent = new RecentMessages('a');
    const errors = [{ message: '', extensions: { code: 'SERVICE_UNAVAILABLE' } }];
    recent.add(message('b'));
    recent.add(new Message({ data: { note: null }, errors }, 'c'));
    recent.add(message('d'));
    expect(cursorsAfter(recent, 'a')).toBeUndefined();
    expect(cursorsAfter(recent, 'b')).toBeUndefined();
    expect(cursorsAfter(recent, 'c')).toEqual(['d']);
  });

  it('keeps a message that lacks what its readers have no right to', () => {
    const recent = new RecentMessages('a');
    const errors = [{ message: '', extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }];
    recent.add(new Message({ data: { note: null }, errors }, 'b'));
    expect(cursorsAfter(recent, 'a')).toEqual(['b']);
  });

  it('counts from where the group began, also when it learns that later', () => {
    const recent = new RecentMessages(undefined);
    recent.startedAfter('a');
    recent.add(message('b'));
    expect(cursorsAfter(recent, 'a')).toEqual(['b']);
  });
});
