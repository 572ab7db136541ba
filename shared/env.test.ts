import { readFileSync } from 'node:fs';
import { listenAddress, readSettings, SUBGRAPHS } from './env.js';
import { projectPath } from './root.js';
import { DAY_SECONDS } from './time/rules.js';

test('without any setting the hub is on port 4000 of this machine', () => {
  expect(readSettings({})).toMatchObject({
    port: 4000,
    host: '127.0.0.1',
    dataFolder: projectPath('.vierblatt'),
    subgraphUrl: { capacity: 'http://127.0.0.1:4001/graphql' },
    databaseUrl: {},
    oidcIssuer: undefined,
    oidcAudience: 'vierblatt',
  });
});

test('the subgraphs follow the gateway’s port, unless they are named', () => {
  expect(readSettings({ PORT: '5000' }).subgraphUrl.capacity).toBe('http://127.0.0.1:5001/graphql');
  const named = readSettings({ CAPACITY_URL: 'http://capacity:4001/graphql' });
  expect(named.subgraphUrl.capacity).toBe('http://capacity:4001/graphql');
});

test('a database server is read from its setting', () => {
  const { databaseUrl } = readSettings({ CAPACITY_DATABASE_URL: 'postgresql://db/capacity' });
  expect(databaseUrl).toEqual({ capacity: 'postgresql://db/capacity' });
});

test('timeout and batch size are set for each subgraph', () => {
  expect(readSettings({ CAPACITY_BATCH_SIZE: '1', PATIENTS_TIMEOUT_MS: '500' })).toMatchObject({
    subgraphBatchSize: { capacity: 1, patients: 16 },
    subgraphTimeoutMs: { capacity: 10_000, patients: 500 },
  });
});

test.each([
  [undefined, DAY_SECONDS],
  ['90m', 5_400],
  ['31d', 2_678_400],
])('the age of tokens %p is %i seconds', (TOKEN_MAX_AGE, seconds) => {
  expect(readSettings(TOKEN_MAX_AGE ? { TOKEN_MAX_AGE } : {}).tokenMaxAgeSeconds).toBe(seconds);
});

test('origins of other pages are a list', () => {
  const CORS_ORIGINS = 'https://board.example, http://127.0.0.1:5173';
  expect(readSettings({ CORS_ORIGINS }).corsOrigins).toEqual(CORS_ORIGINS.split(', '));
  expect(readSettings({}).corsOrigins).toEqual([]);
});

test('clients have 10 s for headers, 30 s for a request, 30 s to read on, 65 s between two, unless said', () => {
  expect(readSettings({}).timeouts).toEqual({
    headersMs: 10_000,
    bodyMs: 30_000,
    keepAliveMs: 65_000,
    writeMs: 30_000,
  });
  const other = {
    HEADERS_TIMEOUT_SECONDS: '5',
    BODY_TIMEOUT_SECONDS: '0.5',
    WRITE_TIMEOUT_SECONDS: '2',
  };
  expect(readSettings(other).timeouts).toMatchObject({
    headersMs: 5_000,
    bodyMs: 500,
    writeMs: 2_000,
  });
});

test('proxies are trusted only where they are named', () => {
  expect(readSettings({}).trustedProxies).toEqual([]);
  expect(readSettings({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies).toEqual([
    '10.0.0.0/8',
    '::1',
  ]);
});

/** Every setting of the README. */
const SETTINGS = [
  ...readFileSync(projectPath('README.md'), 'utf8').matchAll(/^\| (`[A-Z].*?) +\|/gm),
].flatMap(([, names]) => [...names!.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name!));

test('the README names the settings', () => {
  expect(SETTINGS).toEqual(expect.arrayContaining(['PORT', 'HOST', 'PATIENTS_HOST', 'PZC_LIST']));
});

test.each(SETTINGS.filter((name) => !name.startsWith('OTEL_')))(
  'an empty %s is refused with a sentence',
  (name) => {
    for (const empty of ['', ' ']) {
      expect(() => readSettings({ [name]: empty })).toThrow(
        `Setting ${name} is empty. Write a value, or leave it out.`,
      );
    }
  },
);

test('an empty setting of OpenTelemetry is none, as its specification says', () => {
  expect(readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: '' }).otlpTracesUrl).toBeUndefined();
});

/** Settings that are numbers, without ports. */
const NUMBERS = SETTINGS.filter((name) => /_(MS|SECONDS|SIZE|MINUTE)$/.test(name));

test.each(NUMBERS)('%s takes no number that makes no sense', (name) => {
  for (const value of ['-1', '-0.5', 'NaN', 'Infinity', '1e9', '0x10', '12 s', 'ten', '1,5']) {
    expect(() => readSettings({ [name]: value })).toThrow(`Setting ${name} cannot be used: `);
  }
});

test.each([
  ['SUPERGRAPH_POLL_SECONDS', '3600', '3601'],
  ['DRAIN_SECONDS', '3600', '3601'],
  ['CAPACITY_TIMEOUT_MS', '3600000', '3600001'],
])('%s is at most an hour', (name, anHour, more) => {
  expect(() => readSettings({ [name]: anHour })).not.toThrow();
  expect(() => readSettings({ [name]: more })).toThrow(name);
});

test.each(['CAPACITY_TIMEOUT_MS', 'PATIENTS_TIMEOUT_MS'])('%s is at least 100 ms', (name) => {
  expect(() => readSettings({ [name]: '100' })).not.toThrow();
  expect(() => readSettings({ [name]: '99' })).toThrow(
    `Setting ${name} cannot be used: expected milliseconds from 100 to 3600000, got "99"`,
  );
});

test.each(['127.0.0.1', '127.0.0.2', '::1', '[::1]', 'localhost', '::ffff:127.0.0.1'])(
  'the gateway may bind to %s, and the subgraphs stay where the gateway looks for them',
  (host) => {
    const settings = readSettings({ HOST: host });
    expect(settings.host).toBe(host.replace(/[[\]]/g, ''));
    const loopback = Object.fromEntries(SUBGRAPHS.map((name) => [name, '127.0.0.1']));
    expect(settings.subgraphHost).toEqual(loopback);
  },
);

test('a subgraph listens at the loopback address that its URL names, or where its setting says', () => {
  const settings = readSettings({
    CAPACITY_URL: 'http://[::1]:14001/graphql',
    PATIENTS_URL: 'http://patients:4002/graphql',
    PATIENTS_HOST: '0.0.0.0',
    OIDC_ISSUER: 'https://login.example.org',
  });
  expect(listenAddress(settings, 'capacity')).toEqual({ host: '::1', port: 14001 });
  expect(listenAddress(settings, 'patients')).toEqual({ host: '0.0.0.0', port: 4002 });
  expect(() =>
    listenAddress(readSettings({ CAPACITY_URL: 'http://x/graphql' }), 'capacity'),
  ).toThrow('CAPACITY_URL is http://x/graphql, but its port is missing.');
});

test.each([
  ['a port that is none', { PORT: 'four thousand' }, 'PORT'],
  ['an issuer that is no address', { OIDC_ISSUER: 'keycloak' }, 'OIDC_ISSUER'],
  [
    'a database that is no address',
    { CAPACITY_DATABASE_URL: 'localhost' },
    'CAPACITY_DATABASE_URL',
  ],
  ['an age without a unit', { TOKEN_MAX_AGE: '86400' }, 'TOKEN_MAX_AGE'],
  ['an age of nothing', { TOKEN_MAX_AGE: '0h' }, 'TOKEN_MAX_AGE'],
  ['an age of years', { TOKEN_MAX_AGE: '365d' }, 'TOKEN_MAX_AGE'],
  ['a batch of nothing', { PATIENTS_BATCH_SIZE: '0' }, 'PATIENTS_BATCH_SIZE'],
  ['a page instead of an origin', { CORS_ORIGINS: 'https://board.example/start' }, 'CORS_ORIGINS'],
  ['every origin', { CORS_ORIGINS: 'https://board.example,*' }, 'CORS_ORIGINS'],
  ['a proxy that is no address', { TRUSTED_PROXIES: '10.0.0.0/8, proxy' }, 'TRUSTED_PROXIES'],
  ['a network of all addresses', { TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES'],
  ['a network larger than its kind', { TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES'],
  ['no time for a response', { CAPACITY_TIMEOUT_MS: '0' }, 'CAPACITY_TIMEOUT_MS'],
  ['no time to read on', { WRITE_TIMEOUT_SECONDS: '0' }, 'WRITE_TIMEOUT_SECONDS'],
  ['no time for headers', { HEADERS_TIMEOUT_SECONDS: '0' }, 'HEADERS_TIMEOUT_SECONDS'],
  ['a negative time for bodies', { BODY_TIMEOUT_SECONDS: '-1' }, 'BODY_TIMEOUT_SECONDS'],
  ['a time in another unit', { KEEP_ALIVE_SECONDS: '65000' }, 'KEEP_ALIVE_SECONDS'],
  ['an unknown log level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  ['an open address without an issuer', { HOST: '0.0.0.0' }, 'OIDC_ISSUER'],
  ['an open address of a subgraph', { CAPACITY_HOST: '0.0.0.0' }, 'CAPACITY_HOST'],
  ['an address with a port', { HOST: '127.0.0.1:4000' }, 'HOST'],
  ['an address with a scheme', { HOST: 'http://127.0.0.1' }, 'HOST'],
  ['a port that leaves none for the subgraphs', { PORT: '65535' }, 'PORT'],
  ['an issuer of another kind', { OIDC_ISSUER: 'ftp://login.example.org' }, 'OIDC_ISSUER'],
  ['a database of another kind', { PATIENTS_DATABASE_URL: 'mysql://db/x' }, 'PostgreSQL'],
  ['no budget at all', { RATE_LIMIT_COST_PER_MINUTE: '0' }, 'RATE_LIMIT_COST_PER_MINUTE'],
  ['a switch that is neither on nor off', { SANDBOX: 'perhaps' }, 'SANDBOX'],
])('%s is refused by its name', (_, env, name) => {
  expect(() => readSettings(env)).toThrow(name);
});

test('with an issuer the hub may bind to an open address', () => {
  const env = { HOST: '0.0.0.0', OIDC_ISSUER: 'https://login.example.org/realms/hub' };
  expect(readSettings(env).host).toBe('0.0.0.0');
});
