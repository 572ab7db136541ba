import { Hospital } from '../testing/hospital.js';
import { Shop } from '../testing/shop.js';

const SUBJECT = 'subject-of-a-person';
const TAG = 'tag-of-a-patient';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open({ limits: { costPerMinute: 6_000 } });
});
afterEach(() => shop.close());

interface Line {
  securityEvent: string;
  caller: string;
  roles?: string[];
}

function linesOf(event: string): Line[] {
  return shop.log
    .map((line) => JSON.parse(line) as Line)
    .filter(({ securityEvent }) => securityEvent === event);
}

async function counted(event: string): Promise<number> {
  const text = await (await fetch(`${shop.gateway.url}/metrics`)).text();
  const line = new RegExp(`^vierblatt_security_events_total\\{event="${event}"\\} (\\d+)$`, 'm');
  return Number(line.exec(text)?.[1] ?? 0);
}

const request = async (query: string, subject = SUBJECT) =>
  shop.request(query, {}, `Bearer ${await shop.token({ subject })}`);

/** Closed with this code. */
function closeOf(connectionParams: object): Promise<number> {
  const socket = shop.socket();
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'connection_init', payload: connectionParams })),
  );
  return new Promise((resolve) => socket.once('close', resolve));
}

test('a refused token has one line, is counted each time, over HTTP and sockets, and names nobody', async () => {
  const token = await shop.token({ subject: SUBJECT, ttl: -60 });
  for (let n = 0; n < 3; n++) await shop.request('{ me { name } }', {}, `Bearer ${token}`);
  expect(await closeOf({ authorization: `Bearer ${token}` })).toBe(4403);
  const lines = linesOf('token-refused');
  expect(lines).toEqual([
    expect.objectContaining({ level: 40, caller: expect.stringMatching(/^[\w-]{16}$/) }),
  ]);
  expect(await counted('token-refused')).toBe(4);
  expect(shop.log.join('')).not.toMatch(new RegExp(`${SUBJECT}|127\\.0\\.0\\.1|eyJ`));
});

test('a request without a token is counted', async () => {
  expect((await shop.request('{ me { name } }', {}, null)).status).toBe(401);
  expect(await closeOf({})).toBe(4401);
  expect(await counted('token-missing')).toBe(2);
});

test('refused tokens are charged to their address, and a caller with a good one is not slowed', async () => {
  const statuses = new Set<number>();
  for (let n = 0; n < 20; n++) {
    statuses.add((await shop.request('{ me { name } }', {}, `Bearer a.b.${n}`)).status);
  }
  expect([...statuses]).toEqual([401, 429]);
  expect((await request('{ me { name } }')).status).toBe(200);
});

test('a limit that a caller exceeds is an event', async () => {
  const responses = [];
  for (let n = 0; n < 12; n++) responses.push((await request(`{ nothing${n} }`)).status);
  expect(responses).toContain(429);
  expect(linesOf('limit-exceeded')).toHaveLength(1);
  expect(await counted('limit-exceeded')).toBe(responses.filter((status) => status === 429).length);
});

test('looking for a hundred things that do not exist is a sign of enumeration', async () => {
  const guesses = (from: number) =>
    Array.from({ length: 50 }, (_, n) => `g${n}: product(upc: "${TAG}-${from + n}") { name }`);
  await request(`{ ${guesses(0).join(' ')} }`);
  expect(linesOf('enumeration')).toEqual([]);
  await request(`{ ${guesses(50).join(' ')} }`);
  expect(linesOf('enumeration')).toMatchObject([{ roles: ['crisis-staff'] }]);
  await request(`{ ${guesses(100).join(' ')} }`);
  expect(await counted('enumeration')).toBe(1);
  expect(shop.log.join('')).not.toContain(TAG);
});

test('a field that a caller may not see is an event, also in a subscription', async () => {
  const hospital = await Hospital.open();
  try {
    const partner = await hospital.authorization('partner');
    const before = await hospital.metrics();
    await hospital.request(partner, '{ open secret }');
    await hospital.stream(partner, 'subscription { alarm }');
    const after = await hospital.metrics();
    expect(before).not.toContain('event="forbidden"');
    expect(after).toContain('vierblatt_security_events_total{event="forbidden"} 2');
  } finally {
    await hospital.close();
  }
});
