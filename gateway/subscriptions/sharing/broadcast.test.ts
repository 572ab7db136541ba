import { Broadcast } from './broadcast.js';
import { DeliveryTurns, type Deliverer } from './delivery-scheduler.js';
import type { Seat } from './group.js';
import { Message } from './message.js';

const message = (cursor: string, text = '') => new Message({ data: { cursor, text } }, cursor);

/** One who notes in which parts he got what. */
function seat(onDelivery: () => void = () => {}) {
  const parts: string[][] = [];
  const member = {
    deliver: (messages: readonly Message[]) => {
      parts.push(messages.map(({ cursor }) => cursor!));
      onDelivery();
    },
    end: () => {},
  };
  return { seat: { member, group: undefined!, moves: () => {}, left: () => {} } as Seat, parts };
}

describe('what a group says', () => {
  it('reaches those who joined before it, in order, and what is said during a round follows together', () => {
    const broadcast = new Broadcast(new DeliveryTurns());
    const [first, second] = [seat(), seat()];
    broadcast.add(first.seat);
    broadcast.add(second.seat);
    broadcast.send(message('a'));
    expect(broadcast.deliverSome(1)).toBe(true);
    expect([first.parts, second.parts]).toEqual([[['a']], []]);
    broadcast.send(message('b'));
    broadcast.send(message('c'));
    const late = seat();
    broadcast.add(late.seat);
    broadcast.send(message('d'));
    while (broadcast.deliverSome(1));
    expect(first.parts).toEqual([['a'], ['b', 'c', 'd']]);
    expect(second.parts).toEqual([['a'], ['b', 'c', 'd']]);
    expect(late.parts).toEqual([['d']]);
  });

  it('reaches nobody who has left, also during a round, and those behind him all the same', () => {
    const broadcast = new Broadcast(new DeliveryTurns());
    const gone = seat();
    const first = seat(() => broadcast.remove(gone.seat));
    const last = seat();
    for (const one of [first, gone, last]) broadcast.add(one.seat);
    broadcast.send(message('a'));
    while (broadcast.deliverSome(1));
    expect([first.parts, gone.parts, last.parts]).toEqual([[['a']], [], [['a']]]);
    expect(broadcast.size).toBe(2);
  });

  it('goes out in several rounds when it is much, each to all before the next', () => {
    const broadcast = new Broadcast(new DeliveryTurns());
    const [first, second] = [seat(), seat()];
    for (const one of [first, second]) broadcast.add(one.seat);
    const text = 'x'.repeat(400_000);
    for (const cursor of ['a', 'b', 'c']) broadcast.send(message(cursor, text));
    broadcast.send(message('d', text.repeat(3)));
    broadcast.send(message('e'));
    broadcast.deliverSome(2);
    broadcast.deliverSome(1);
    expect([first.parts, second.parts]).toEqual([[['a', 'b']], [['a', 'b']]]);
    while (broadcast.deliverSome(1));
    expect(second.parts).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
    expect(first.parts).toEqual(second.parts);
  });

  it('is nothing when nothing is left to say', () => {
    const broadcast = new Broadcast(new DeliveryTurns());
    const one = seat();
    broadcast.add(one.seat);
    broadcast.send(message('a'));
    while (broadcast.deliverSome(1));
    broadcast.end();
    expect(one.parts).toEqual([['a']]);
  });

  it('has all reached its members when they are let go', () => {
    const broadcast = new Broadcast(new DeliveryTurns());
    const [first, second] = [seat(), seat()];
    for (const one of [first, second]) broadcast.add(one.seat);
    broadcast.send(message('a'));
    broadcast.deliverSome(1);
    broadcast.send(message('b'));
    expect(broadcast.end()).toEqual([first.seat, second.seat]);
    expect([first.parts, second.parts]).toEqual([
      [['a'], ['b']],
      [['a'], ['b']],
    ]);
    expect(broadcast.size).toBe(0);
  });
});

describe('turns', () => {
  it('leave room for everything else, and let a small group pass a crowd', async () => {
    let now = 0;
    const turns = new DeliveryTurns(() => now);
    const happened: string[] = [];
    const deliverer = (name: string, left: number): Deliverer => ({
      deliverSome(most) {
        now += 1;
        left -= most;
        if (left <= 0) happened.push(`${name} done`);
        return left > 0;
      },
    });
    turns.request(deliverer('crowd', 1_000));
    turns.request(deliverer('few', 1));
    await new Promise<void>((resolve) => {
      // Requests of others come in through the event loop like this.
      setImmediate(() => happened.push('a query'));
      const done = setInterval(() => {
        if (!happened.includes('crowd done')) return;
        clearInterval(done);
        resolve();
      }, 1);
    });
    expect(happened).toEqual(['few done', 'a query', 'crowd done']);
  });
});
