import { projectPath } from './root.js';
import { readSettings } from './env.js';

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

test('a database server is taken from its setting', () => {
  const { databaseUrl } = readSettings({ CAPACITY_DATABASE_URL: 'postgresql://db/capacity' });
  expect(databaseUrl).toEqual({ capacity: 'postgresql://db/capacity' });
});

test('how a subgraph is asked is set for each', () => {
  expect(readSettings({ CAPACITY_BATCH_SIZE: '1', PATIENTS_TIMEOUT_MS: '500' })).toMatchObject({
    subgraphBatchSize: { capacity: 1, patients: 16 },
    subgraphTimeoutMs: { capacity: 10_000, patients: 500 },
  });
});

test.each([
  [undefined, 86_400],
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

test('clients have 10 s for headers, 30 s for a request, 65 s between two, unless said', () => {
  expect(readSettings({}).timeouts).toEqual({
    headersMs: 10_000,
    bodyMs: 30_000,
    keepAliveMs: 65_000,
  });
  const other = { HEADERS_TIMEOUT_SECONDS: '5', BODY_TIMEOUT_SECONDS: '0.5' };
  expect(readSettings(other).timeouts).toMatchObject({ headersMs: 5_000, bodyMs: 500 });
});

test('proxies are trusted only where they are named', () => {
  expect(readSettings({}).trustedProxies).toEqual([]);
  expect(readSettings({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies).toEqual([
    '10.0.0.0/8',
    '::1',
  ]);
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
  ['no time for headers', { HEADERS_TIMEOUT_SECONDS: '0' }, 'HEADERS_TIMEOUT_SECONDS'],
  ['a negative time for bodies', { BODY_TIMEOUT_SECONDS: '-1' }, 'BODY_TIMEOUT_SECONDS'],
  ['a time in another unit', { KEEP_ALIVE_SECONDS: '65000' }, 'KEEP_ALIVE_SECONDS'],
  ['an unknown log level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  ['an open address without an issuer', { HOST: '0.0.0.0' }, 'OIDC_ISSUER'],
])('%s is refused by its name', (_, env, name) => {
  expect(() => readSettings(env)).toThrow(name);
});

test('with an issuer the hub may bind to an open address', () => {
  const env = { HOST: '0.0.0.0', OIDC_ISSUER: 'https://login.example.org/realms/hub' };
  expect(readSettings(env).host).toBe('0.0.0.0');
});
