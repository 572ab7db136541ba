import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page, type Request, type WebSocket } from 'playwright-core';
import { testSettings } from './environment.js';
import { startHub, type RunningHub } from './running-hub.js';
import { slowness } from './speed/slowness.js';

/** Chromium by CHROMIUM_PATH, or from the path. Where there is none, only these tests are skipped. */
const program =
  testSettings.chromiumPath ??
  testSettings.path
    .split(delimiter)
    .map((folder) => join(folder, 'chromium'))
    .find((file) => existsSync(file));

(program === undefined ? describe.skip : describe)('the sandbox page', () => {
  let hub: RunningHub;
  let browser: Browser;
  let page: Page;
  /** Errors of the page, among them whatever its content security policy held back. */
  let complaints: string[];
  /** Where the page and its workers sent requests and opened sockets. */
  let hosts: Set<string>;
  /** The messages that the page sent, by HTTP and by WebSocket. */
  let sent: EventEmitter<{ message: [text: string, by: Request | WebSocket] }>;

  beforeAll(async () => {
    hub = await startHub({}, { firstDay: true });
    browser = await chromium.launch({
      executablePath: program!,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-sync',
        '--disable-background-networking',
        '--disable-component-update',
        // Requests of the browser itself (updates, accounts) find no address either.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ],
    });
  });

  afterAll(async () => {
    await browser.close();
    await hub.stop();
  });

  beforeEach(async () => {
    complaints = [];
    hosts = new Set();
    sent = new EventEmitter();
    const context = await browser.newContext();
    context.on('request', (request) => hosts.add(new URL(request.url()).host));
    page = await context.newPage();
    page.on('request', (request) => sent.emit('message', request.postData() ?? '', request));
    page.on('websocket', (socket) => {
      hosts.add(new URL(socket.url()).host);
      socket.on('framesent', ({ payload }) => sent.emit('message', payload.toString(), socket));
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });

  afterEach(async () => {
    await page.context().close();
    // Data in the page itself (fonts, pictures) has no host.
    expect([...hosts].filter(Boolean)).toEqual([new URL(hub.url).host]);
  });

  const open = () => page.goto(new URL('/sandbox/', hub.url).href);
  const editorHolds = (operation: string) =>
    page
      .locator('.graphiql-query-editor .view-lines')
      .getByText(operation, { exact: true })
      .waitFor();
  const press = () => page.getByRole('button', { name: /^Execute query/ }).click();
  /** Chooses a tab once the editor is there, which comes after the page, and starts its operation. */
  const run = async (operation: string): Promise<Request | WebSocket> => {
    await editorHolds('SituationByLand');
    await page.getByRole('tab', { name: operation }).click();
    await editorHolds(operation);
    return start(operation);
  };
  /** The editor learns which operation a new tab holds a moment after it shows it; a press that was too early is repeated. */
  const start = async (operation: string): Promise<Request | WebSocket> => {
    let started: Request | WebSocket | undefined;
    sent.on('message', (text, by) => {
      if (text.includes(operation)) started ??= by;
    });
    while (!started) {
      await press();
      await once(sent, 'message', {
        signal: AbortSignal.timeout(Math.ceil(3_000 * slowness())),
      }).catch(() => undefined);
    }
    return started;
  };
  const response = () => page.locator('.graphiql-response');

  it('the sandbox shows the intensive care of all Länder at the first press of the button', async () => {
    await open();
    await run('SituationByLand');
    await response().getByText('Schleswig-Holstein').waitFor();
    expect(complaints).toEqual([]);
  });

  it('the sandbox shows a change while it happens', async () => {
    await open();
    const socket = (await run('LiveNorthRhineWestphalia')) as WebSocket;
    const facility = await facilityInCologne(hub);
    await untilMessage(socket, () => report(hub, facility));
    await response().getByText('capacityChanged').waitFor();
    expect(complaints).toEqual([]);
  });

  it('the sandbox declares an incident with the variables that lie ready', async () => {
    await open();
    await run('DeclareIncident');
    await response().getByText('Exercise: bus accident').waitFor();
    await response().getByText('OPEN').waitFor();
    expect(complaints).toEqual([]);
  });

  it('the sandbox says what a field is', async () => {
    await open();
    await editorHolds('SituationByLand');
    await page.getByRole('button', { name: /Documentation Explorer/ }).click();
    const docs = page.locator('.graphiql-doc-explorer');
    await docs.getByText('Subscription', { exact: true }).click();
    await docs.getByText('transferChanged').click();
    await docs.getByText('Only from or to this facility.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('the sandbox acts with another token after another role is chosen', async () => {
    await open();
    await page.getByLabel('acting as').selectOption('Partner system');
    const request = (await run('FreeNearCologne')) as Request;
    expect(rolesOf(request.headers()['authorization'])).toEqual(['partner']);
    await response().getByText('UNAUTHORIZED_FIELD_OR_TYPE').waitFor();
  });

  it('the sandbox runs nothing as the earlier role while the token of the chosen one is on its way', async () => {
    let release!: () => void;
    const pressed = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/sandbox/token?role=partner*', async (route) => {
      await pressed;
      await route.continue();
    });
    await open();
    await editorHolds('SituationByLand');
    await page.getByLabel('acting as').selectOption('Partner system');
    const roles: string[][] = [];
    page.on('request', (request) => {
      if (request.postData()?.includes('SituationByLand')) {
        roles.push(rolesOf(request.headers()['authorization']));
      }
    });
    await press();
    release();
    await response().getByText('Schleswig-Holstein').waitFor();
    expect(roles).toEqual([['partner']]);
  });

  it('the sandbox requires a token where the hub issues none', async () => {
    await page.route('**/sandbox/token?*', (route) => route.fulfill({ status: 404 }));
    await open();
    await page.getByLabel('Access token').fill(await hub.token());
    await page.getByRole('button', { name: 'Use it' }).click();
    await run('SituationByLand');
    await response().getByText('Schleswig-Holstein').waitFor();
  });
});

async function send(hub: RunningHub, query: string, variables: object) {
  const response = await fetch(hub.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await hub.token()}` },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

async function facilityInCologne(hub: RunningHub): Promise<string> {
  const response = (await send(
    hub,
    'query { facilities(filter: { area: "05315" }, first: 1) { nodes { id } } }',
    {},
  )) as { data: { facilities: { nodes: { id: string }[] } } };
  return response.data.facilities.nodes[0]!.id;
}

/** Reports once; each call is an observation of its own. */
async function report(hub: RunningHub, facility: string): Promise<void> {
  const response = await send(
    hub,
    `mutation ($input: ReportCapacityInput!) { reportCapacity(input: $input) { __typename } }`,
    {
      input: {
        facility,
        category: 'ICU_UNSPECIFIED',
        operable: 30,
        occupied: 21,
        source: 'sandbox test',
        observedAt: new Date().toISOString(),
      },
    },
  );
  expect(response).toEqual({ data: { reportCapacity: { __typename: 'Facility' } } });
}

/**
 * Acts until the socket receives a message of the subscription. A subscription is not acknowledged, so nobody can see
 * from outside when it has begun; an act that was too early is repeated.
 */
async function untilMessage(socket: WebSocket, act: () => Promise<void>): Promise<void> {
  const message = socket.waitForEvent('framereceived', {
    predicate: ({ payload }) => payload.toString().includes('"next"'),
  });
  const untilThen = new AbortController();
  void message.then(() => untilThen.abort());
  while (!untilThen.signal.aborted) {
    await act();
    const next = socket.waitForEvent('framereceived', { timeout: 2_000 * slowness() });
    await Promise.race([message, next.catch(() => 'too early')]);
  }
}

function rolesOf(authorization = ''): string[] {
  const payload = authorization.split('.')[1] ?? '';
  const { roles = [] } = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as {
    roles?: string[];
  };
  return roles;
}
