import { randomUUID } from 'node:crypto';
import { Shop, type RequestedToken } from '../../testing/shop.js';
import { until } from '../../testing/until.js';
import { Watcher } from '../../testing/watcher.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open({
    subscriptionLimits: {
      perConnection: 3,
      perClaimSet: 5,
      differentPerSubject: 2,
      differentPerService: 3,
      reservedStreams: 3,
      reservedStreamsPerSubject: 2,
      // Long enough for the requests of a test on a machine that is busy.
      reservedStreamMs: 5_000,
    },
  });
});
afterEach(() => shop.close());

const TICKS = { query: 'subscription { ticks }' };
const watch = (client: Awaited<ReturnType<Shop['client']>>, count: number) =>
  Array.from({ length: count }, () => new Watcher(client, TICKS));
const tooMuch = [{ extensions: { code: 'TOO_MUCH' } }];

describe('one WebSocket', () => {
  it('carries a number of operations at once and refuses more, until one ends', async () => {
    const client = await shop.client();
    const [first] = watch(client, 3);
    await until(() => shop.subscribers() === 3);
    expect(await watch(client, 1)[0]!.ended()).toMatchObject(tooMuch);
    expect(await new Watcher(client, { query: '{ __typename }' }).ended()).toMatchObject(tooMuch);
    first!.leave();
    await until(() => shop.subscribers() === 2);
    watch(client, 1);
    await until(() => shop.subscribers() === 3);
  });
});

describe('callers of one claim set', () => {
  it('have a number of subscriptions and no more, whatever their role; others are not hindered', async () => {
    watch(await shop.client({ subject: 'anna' }), 3);
    const second = await shop.client({ subject: 'bernd' });
    watch(second, 2);
    await until(() => shop.subscribers() === 5);
    const refused = watch(second, 1)[0]!;
    expect(await refused.ended()).toMatchObject(tooMuch);
    watch(await shop.client({ areas: ['09'] }), 1);
    await until(() => shop.subscribers() === 6);
    await second.dispose();
    await until(() => shop.subscribers() === 4);
    watch(await shop.client(), 2);
    await until(() => shop.subscribers() === 6);
  });

  it('are refused on event streams too', async () => {
    for (const count of [3, 2]) watch(await shop.client(), count);
    await until(() => shop.subscribers() === 5);
    const response = await stream('POST', {}, TICKS);
    expect(await response.text()).toContain('"code":"TOO_MUCH"');
  });
});

describe('one caller', () => {
  const different = (name: string) => ({ query: `subscription { ${name}: ticks }` });
  const open = async (name: string, requested: RequestedToken = {}) =>
    new Watcher(await shop.client(requested), different(name));

  it('may have a number of different subscriptions, over all connections, and more when one has ended', async () => {
    const first = await open('a');
    await open('b');
    await until(() => shop.subscribers() === 2);
    expect(await (await open('c')).ended()).toMatchObject([
      {
        message: expect.stringContaining('2 different subscriptions'),
        extensions: { code: 'TOO_MUCH' },
      },
    ]);
    first.leave();
    await until(() => shop.subscribers() === 1);
    await open('c');
    await until(() => shop.subscribers() === 2);
  });

  it('is refused on event streams too', async () => {
    await open('a');
    await open('b');
    await until(() => shop.subscribers() === 2);
    const response = await stream('POST', {}, different('c'));
    expect(await response.text()).toContain('2 different subscriptions');
  });

  it('counts once for equal subscriptions, also when they end one after the other', async () => {
    const [first] = [await open('a'), await open('b'), await open('a'), await open('b')];
    await until(() => shop.subscribers() === 4);
    first.leave();
    await until(() => shop.subscribers() === 3);
    expect(await (await open('c')).ended()).toMatchObject(tooMuch);
  });

  it('counts a subscription that others began, and does not hinder others', async () => {
    for (const name of ['a', 'b']) await open(name, { subject: 'anna' });
    for (const name of ['a', 'b']) await open(name, { subject: 'bernd' });
    await until(() => shop.subscribers() === 4);
    expect(await (await open('c', { subject: 'bernd' })).ended()).toMatchObject(tooMuch);
    await open('c', { subject: 'clara' });
    await until(() => shop.subscribers() === 5);
  });

  it('counts what goes on from different cursors as different', async () => {
    const from = async (after: string) =>
      new Watcher(await shop.client(), {
        query: `subscription { stockChanged(after: "cursor-${after}") { count } }`,
      });
    await from('1');
    await from('2');
    await until(() => shop.subscribers() === 2);
    expect(await (await from('3')).ended()).toMatchObject(tooMuch);
  });

  it('with the role service may have more of them', async () => {
    for (const name of ['a', 'b', 'c']) await open(name, { role: 'service' });
    await until(() => shop.subscribers() === 3);
    expect(await (await open('d', { role: 'service' })).ended()).toMatchObject(tooMuch);
  });
});

describe('a reserved event stream', () => {
  const operation = (query = TICKS.query) => ({ query, extensions: { operationId: randomUUID() } });

  it('carries a number of subscriptions at once and refuses more', async () => {
    const token = await (await stream('PUT')).text();
    const events = stream('GET', { 'x-graphql-event-stream-token': token });
    for (const _ of [1, 2, 3, 4]) {
      await stream('POST', { 'x-graphql-event-stream-token': token, accept: '*/*' }, operation());
    }
    const reader = (await events).body!.pipeThrough(new TextDecoderStream()).getReader();
    let received = '';
    while (!received.includes('TOO_MUCH')) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the stream ended after ${received}`);
      received += value;
    }
    expect(shop.subscribers()).toBe(3);
    await reader.cancel();
    await until(() => shop.subscribers() === 0);
  });

  it('that nobody connects to is given up, with what was begun on it', async () => {
    const token = await (await stream('PUT')).text();
    const header = { 'x-graphql-event-stream-token': token, accept: '*/*' };
    expect((await stream('POST', header, operation())).status).toBe(202);
    await until(() => shop.subgraphs.catalog.subscribed.length === 1);
    await until(() => shop.subscribers() === 0);
    expect((await stream('POST', header, operation())).status).toBe(404);
  });

  it('is refused while too many others wait for their connection', async () => {
    for (const subject of ['anna', 'anna', 'bernd']) {
      expect((await stream('PUT', await bearer(subject))).status).toBe(201);
    }
    const refused = await stream('PUT', await bearer('clara'));
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ errors: tooMuch });
  });

  it('is refused to a caller who reserved too many, also at the same time, and to nobody else', async () => {
    const anna = await bearer('anna');
    const responses = await Promise.all(Array.from({ length: 8 }, () => stream('PUT', anna)));
    const statuses = responses.map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 201, 429, 429, 429, 429, 429, 429]);
    const refused = responses.find(({ status }) => status === 429)!;
    expect(await refused.json()).toMatchObject({
      errors: [{ message: expect.stringContaining('2 event streams reserved') }],
    });
    expect((await stream('PUT', await bearer('bernd'))).status).toBe(201);
  });

  it('leaves room for another once it is connected', async () => {
    const [token] = await Promise.all((await reservedTwice()).map((response) => response.text()));
    const events = await stream('GET', { 'x-graphql-event-stream-token': token! });
    expect((await stream('PUT')).status).toBe(201);
    expect((await stream('PUT')).status).toBe(429);
    await events.body!.cancel();
  });

  it('that the protocol refuses to reserve does not count', async () => {
    for (const _ of [1, 2, 3]) {
      expect((await stream('PUT', { accept: 'image/png' })).status).toBe(406);
    }
    for (const { status } of await reservedTwice()) expect(status).toBe(201);
  });

  const reservedTwice = async () => [await stream('PUT'), await stream('PUT')];
});

async function bearer(subject: string) {
  return { authorization: `Bearer ${await shop.token({ subject })}` };
}

async function stream(method: string, headers: Record<string, string> = {}, body?: object) {
  return fetch(`${shop.gateway.url}/graphql/stream`, {
    method,
    headers: {
      accept: method === 'PUT' ? '*/*' : 'text/event-stream',
      ...(body ? { 'content-type': 'application/json' } : {}),
      authorization: `Bearer ${await shop.token()}`,
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}
