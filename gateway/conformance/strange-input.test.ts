import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Shop } from '../testing/shop.js';
import { until } from '../testing/until.js';
import { Watcher } from '../testing/watcher.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open({ limits: { costPerMinute: 1e9 } });
});
afterAll(() => shop.close());
/** None of it is a fault of the gateway. */
afterEach(() => {
  expect(shop.log.filter((line) => line.includes('fault'))).toEqual([]);
});

const QUERY = '{ product(upc: "1") { name } }';

async function post(body: string | Buffer, contentType = 'application/json', path = '/graphql') {
  const response = await fetch(shop.gateway.url + path, {
    method: 'POST',
    headers: {
      'content-type': contentType,
      accept: path === '/graphql' ? 'application/json' : 'text/event-stream',
      authorization: `Bearer ${await shop.token()}`,
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: response.status, text: await response.text() };
}

describe('text that is not UTF-8', () => {
  const rename = (name: string) =>
    JSON.stringify({ query: `mutation { rename(upc: "1", name: "${name}") { subject } }` });
  const requests = () => shop.subgraphs.catalog.requests.length;

  it.each(['/graphql', '/graphql/stream'])(
    'is refused at %s, and nothing is done',
    async (path) => {
      const before = requests();
      const latin1 = Buffer.from(rename('Müller'), 'latin1');
      const utf16 = Buffer.from(`\uFEFF${rename('Müller')}`, 'utf16le');
      for (const [body, contentType] of [
        [latin1, 'application/json; charset=iso-8859-1'],
        [latin1, 'application/json; charset="windows-1252"'],
        [utf16, 'application/json;charset=utf-16le'],
        [rename('Müller'), 'application/json; charset=utf-8; charset=latin1'],
        [latin1, 'application/json'],
        [latin1, 'application/json; charset=utf-8'],
        [utf16, 'application/json'],
      ] as const) {
        expect([contentType, (await post(body, contentType, path)).status]).toEqual([
          contentType,
          415,
        ]);
      }
      expect(requests()).toBe(before);
    },
  );

  it.each([
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json; charset=utf8',
  ])('is none where %s says so', async (contentType) => {
    expect((await post(rename('Müller'), contentType)).status).toBe(200);
  });
});

describe('JSON that is nested 20,000 deep', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const objects = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;

  it.each([
    [
      'variables',
      `{"query":"query($upc:ID){product(upc:$upc){name}}","variables":{"upc":${deep}}}`,
    ],
    ['variables that no operation has', `{"query":"{me{id}}","variables":{"x":${objects}}}`],
    ['extensions', `{"query":"{me{id}}","extensions":{"x":${deep}}}`],
    ['the body', deep],
    ['a field nobody reads', `{"query":"{me{id}}","y":${objects}}`],
  ])('in %s is the fault of the caller', async (_, body) => {
    for (const path of ['/graphql', '/graphql/stream']) {
      const { status, text } = await post(body, 'application/json', path);
      expect([path, status]).toEqual([path, 400]);
      expect(text).toContain('BAD_USER_INPUT');
    }
  });

  it('in parameters is the fault of the caller', async () => {
    const variables = encodeURIComponent(`{"x":${'['.repeat(2_000)}${']'.repeat(2_000)}}`);
    for (const path of ['/graphql', '/graphql/stream']) {
      const url = `${shop.gateway.url}${path}?query=${encodeURIComponent(QUERY)}&variables=${variables}`;
      const response = await fetch(url, {
        headers: {
          accept: path === '/graphql' ? 'application/json' : 'text/event-stream',
          'apollo-require-preflight': 'yes',
          authorization: `Bearer ${await shop.token()}`,
        },
      });
      expect(await response.text()).toContain('BAD_USER_INPUT');
    }
  });

  it('over a WebSocket is the fault of the caller', async () => {
    const socket = shop.socket();
    await once(socket, 'open');
    const payload = { authorization: `Bearer ${await shop.token()}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await once(socket, 'message');
    socket.send(
      `{"id":"1","type":"subscribe","payload":{"query":"{ me { id } }","variables":{"x":${deep}}}}`,
    );
    const [message] = await once(socket, 'message');
    expect(JSON.parse(String(message))).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    socket.close();
  });

  it('in the text of an operation is the fault of the caller', async () => {
    for (const levels of [250, 1_200, 2_400]) {
      const list = `${'['.repeat(levels)}${']'.repeat(levels)}`;
      const { status, errors } = await shop.request(`{ product(upc: ${list}) { name } }`);
      expect([status, errors?.[0]?.extensions['code']]).toEqual([400, 'TOO_MUCH']);
    }
  });
});

describe('a persisted operation', () => {
  const sha256Hash = createHash('sha256').update(QUERY).digest('hex');
  it.each([
    ['with the hash of another text', { version: 1, sha256Hash: 'a'.repeat(64) }],
    ['with a hash that is no text', { version: 1, sha256Hash: { $ne: 1 } }],
    ['of another version', { version: 2, sha256Hash }],
    ['without a version', { sha256Hash }],
    ['that is a text', 'hash'],
  ])('%s is the fault of the caller', async (_, persistedQuery) => {
    const request = { query: QUERY, extensions: { persistedQuery } };
    const { status, text } = await post(JSON.stringify(request));
    expect(status).toBe(400);
    expect(text).toContain('"BAD_USER_INPUT"');
    const watcher = new Watcher(await shop.client(), request);
    expect(await watcher.ended()).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('is not found under %s', async (hash) => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
    expect((await post(JSON.stringify({ extensions }))).text).toContain(
      'PERSISTED_QUERY_NOT_FOUND',
    );
  });
});

const NAMES = [
  'representations',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
];

describe.each(NAMES)('the name %s', (name) => {
  const variables = JSON.parse(`{"${name}":"1"}`) as Record<string, unknown>;

  it('may be that of a variable, in every subgraph an operation asks', async () => {
    const query = `query ($${name}: ID!) { product(upc: $${name}) { name rating reviews(first: 1) { body } } }`;
    const { data, errors } = await shop.request(query, variables);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ product: { name: 'P1-en', rating: 4.5, reviews: [{}] } });
  });

  it('may be that of a variable which decides a condition', async () => {
    const query = `query ($${name}: Boolean!) { product(upc: "1") { name rating @include(if: $${name}) } }`;
    for (const value of [true, false]) {
      const { data } = await shop.request(query, JSON.parse(`{"${name}":${value}}`) as object);
      expect('rating' in (data?.['product'] as object)).toBe(value);
    }
  });

  it('may be that of a variable which is left out', async () => {
    const query = `query ($${name}: ID = "1") { product(upc: $${name}) { name } }`;
    expect((await shop.request(query)).data).toEqual({ product: { name: 'P1-en' } });
    const required = `query ($${name}: ID!) { product(upc: $${name}) { name } }`;
    const { errors } = await shop.request(required);
    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  it('may be that of a variable of a subscription', async () => {
    const query = `subscription ($${name}: ID!) { priceChanged(upc: $${name}) { newPrice product { rating } } }`;
    const watcher = new Watcher(await shop.client(), { query, variables });
    await until(() => shop.catalog.priceChanged.listeners === 1);
    shop.catalog.priceChanged.push({ ...shop.catalog.priceEvent('1'), newPrice: 7 });
    expect(await watcher.values(1, (data) => data.priceChanged)).toEqual([
      { newPrice: 7, product: { rating: 4.5 } },
    ]);
    watcher.leave();
    await until(() => shop.catalog.priceChanged.listeners === 0);
  });

  it('may be an alias, at the root and within objects', async () => {
    const query = `{ ${name}: product(upc: "1") { ${name}: name rating reviews(first: 1) { ${name}: body author { ${name}: name } } } }`;
    const { data, errors } = await shop.request(query);
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toContain(`{"${name}":{"${name}":"P1-en","rating":4.5`);
  });

  it('is no field, no operation and no argument', async () => {
    const field = await shop.request(`{ ${name} }`);
    expect(field.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    const argument = await shop.request(`{ product(upc: "1", ${name}: 1) { name } }`);
    expect(argument.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    const { text } = await post(JSON.stringify({ query: QUERY, operationName: name }));
    expect(text).toContain('OPERATION_RESOLUTION_FAILURE');
  });
});
