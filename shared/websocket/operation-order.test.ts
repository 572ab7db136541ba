import { MessageType, type Message } from 'graphql-ws';
import { OperationOrder } from './operation-order.js';

/** An order of operations whose operations run until the test ends them. */
function order() {
  const log: string[] = [];
  const ends: (() => void)[] = [];
  const operations = new OperationOrder({
    run: (message) => {
      log.push(`${message.type} ${'id' in message ? message.id : ''}`);
      if (message.type !== MessageType.Subscribe) return Promise.resolve();
      return new Promise((resolve) => ends.push(resolve));
    },
    refuse: (id) => log.push(`refused ${id}`),
  });
  const subscribe = (id: string): Message => ({
    id,
    type: MessageType.Subscribe,
    payload: { query: '{ a }' },
  });
  const complete = (id: string): Message => ({ id, type: MessageType.Complete });
  return { log, ends, operations, subscribe, complete };
}

test('an id that is in use is refused', () => {
  const { log, operations, subscribe } = order();
  void operations.receive(subscribe('a'));
  void operations.receive(subscribe('a'));
  expect(log).toEqual(['subscribe a', 'refused a']);
});

test('an operation with the id of a completed one begins when nothing of that is left', async () => {
  const { log, ends, operations, subscribe, complete } = order();
  void operations.receive(subscribe('a'));
  await operations.receive(complete('a'));
  void operations.receive(subscribe('a'));
  expect(log).toEqual(['subscribe a', 'complete a']);
  ends[0]!();
  await new Promise(setImmediate);
  expect(log).toEqual(['subscribe a', 'complete a', 'subscribe a']);
  expect(operations.count).toBe(1);
});

test('an operation that was completed before it began never begins', async () => {
  const { log, ends, operations, subscribe, complete } = order();
  const first = operations.receive(subscribe('a'));
  await operations.receive(complete('a'));
  void operations.receive(subscribe('a'));
  await operations.receive(complete('a'));
  ends[0]!();
  await first;
  expect(log).toEqual(['subscribe a', 'complete a']);
  expect(operations.count).toBe(0);
});

test('nothing begins after the socket has closed', async () => {
  const { log, ends, operations, subscribe, complete } = order();
  const first = operations.receive(subscribe('a'));
  await operations.receive(complete('a'));
  void operations.receive(subscribe('a'));
  operations.close();
  ends[0]!();
  await first;
  expect(log).toEqual(['subscribe a', 'complete a']);
});
