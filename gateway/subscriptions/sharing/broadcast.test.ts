import { Broadcast } from './broadcast.js';
import { DeliveryScheduler, type Delivery } from './delivery-scheduler.js';
import type { Membership } from './group.js';
import { Message } from './message.js';

const message = (cursor: string, text = '') => new Message({ data: { cursor, text } }, cursor);

/** One who notes in which parts he got what. */
function membership(onDelivery: () => void = () => {}) {
  const parts: string[][] = [];
  const subscriber = {
    deliver: (messages: readonly Message[]) => {
      parts.push(messages.map(({ cursor }) => cursor!));
      onDelivery();
    },
    end: () => {},
  };
  return {
    membership: {
      subscriber,
      group: undefined!,
      onMove: () => {},
      onLeave: () => {},
    } as Membership,
    parts,
  };
}

describe('a message of a group', () => {
  it('reaches those who joined before it, in order, and what is said during a round follows together', () => {
    const broadcast = new Broadcast(new DeliveryScheduler());
    const [first, second] = [membership(), membership()];
    broadcast.add(first.membership);
    broadcast.add(second.membership);
    broadcast.send(message('a'));
    expect(broadcast.deliverNext(1)).toBe(true);
    expect([first.parts, second.parts]).toEqual([[['a']], []]);
    broadcast.send(message('b'));
    broadcast.send(message('c'));
    const late = membership();
    broadcast.add(late.membership);
    broadcast.send(message('d'));
    while (broadcast.deliverNext(1));
    expect(first.parts).toEqual([['a'], ['b', 'c', 'd']]);
    expect(second.parts).toEqual([['a'], ['b', 'c', 'd']]);
    expect(late.parts).toEqual([['d']]);
  });

  it('reaches nobody who has left, also during a round, and those behind him all the same', () => {
    const broadcast = new Broadcast(new DeliveryScheduler());
    const removed = membership();
    const first = membership(() => broadcast.remove(removed.membership));
    const last = membership();
    for (const one of [first, removed, last]) broadcast.add(one.membership);
    broadcast.send(message('a'));
    while (broadcast.deliverNext(1));
    expect([first.parts, removed.parts, last.parts]).toEqual([[['a']], [], [['a']]]);
    expect(broadcast.size).toBe(2);
  });

  it('goes out in several rounds when it is much, each to all before the next', () => {
    const broadcast = new Broadcast(new DeliveryScheduler());
    const [first, second] = [membership(), membership()];
    for (const one of [first, second]) broadcast.add(one.membership);
    const text = 'x'.repeat(400_000);
    for (const cursor of ['a', 'b', 'c']) broadcast.send(message(cursor, text));
    broadcast.send(message('d', text.repeat(3)));
    broadcast.send(message('e'));
    broadcast.deliverNext(2);
    broadcast.deliverNext(1);
    expect([first.parts, second.parts]).toEqual([[['a', 'b']], [['a', 'b']]]);
    while (broadcast.deliverNext(1));
    expect(second.parts).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
    expect(first.parts).toEqual(second.parts);
  });

  it('is nothing when nothing is left to say', () => {
    const broadcast = new Broadcast(new DeliveryScheduler());
    const one = membership();
    broadcast.add(one.membership);
    broadcast.send(message('a'));
    while (broadcast.deliverNext(1));
    broadcast.end();
    expect(one.parts).toEqual([['a']]);
  });

  it('has reached all subscribers when they are removed', () => {
    const broadcast = new Broadcast(new DeliveryScheduler());
    const [first, second] = [membership(), membership()];
    for (const one of [first, second]) broadcast.add(one.membership);
    broadcast.send(message('a'));
    broadcast.deliverNext(1);
    broadcast.send(message('b'));
    expect(broadcast.end()).toEqual([first.membership, second.membership]);
    expect([first.parts, second.parts]).toEqual([
      [['a'], ['b']],
      [['a'], ['b']],
    ]);
    expect(broadcast.size).toBe(0);
  });
});

describe('scheduled deliveries', () => {
  it('leave room for other work, and let a small group pass a large one', async () => {
    let now = 0;
    const scheduler = new DeliveryScheduler(() => now);
    const advance: string[] = [];
    const delivery = (name: string, left: number): Delivery => ({
      deliverNext(most) {
        now += 1;
        left -= most;
        if (left <= 0) advance.push(`${name} done`);
        return left > 0;
      },
    });
    scheduler.request(delivery('many', 1_000));
    scheduler.request(delivery('few', 1));
    await new Promise<void>((resolve) => {
      // Requests of others come in through the event loop like this.
      setImmediate(() => advance.push('a query'));
      const done = setInterval(() => {
        if (!advance.includes('many done')) return;
        clearInterval(done);
        resolve();
      }, 1);
    });
    expect(advance).toEqual(['few done', 'a query', 'many done']);
  });
});
