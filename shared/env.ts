import { isIP } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { bool, cleanEnv, makeValidator, num, port, str, url } from 'envalid';
import { USUAL_TIMEOUTS, type ConnectionTimeouts } from './http/timeouts.js';
import { projectPath } from './root.js';

/** The subgraphs in the order of their ports: the first listens on `PORT` + 1. */
export const SUBGRAPHS = ['capacity', 'patients'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];

/** So many questions go to a subgraph in one request, unless its setting says otherwise. */
export const USUAL_BATCH_SIZE = 16;

export interface Settings {
  /** Port of the gateway; 4000 unless `PORT` says otherwise. */
  port: number;
  /** Address every server binds to; beyond loopback only with an `OIDC_ISSUER`. */
  host: string;
  /** Folder of the embedded database and of the keys; `.vierblatt/` in the project unless `VIERBLATT_DATA`. */
  dataFolder: string;
  /** Where each subgraph is reached, path included. */
  subgraphUrl: Record<SubgraphName, string>;
  /** Keys of 32 bytes in base64, separated by commas, that seal patients' names; without it the data folder's own. */
  patientsDataKey: string | undefined;
  /** File of the Rückmeldeindizes that are active; without it none is warned of. */
  pzcList: string | undefined;
  /** Databases to use instead of the embedded ones, each under the role with which its service works. */
  databaseUrl: Partial<Record<SubgraphName, string>>;
  /** The same databases under the roles that migrate them; where none is named, that of `databaseUrl` does. */
  migrationDatabaseUrl: Partial<Record<SubgraphName, string>>;
  /** How long each subgraph may take for an answer. */
  subgraphTimeoutMs: Record<SubgraphName, number>;
  /** How many questions the gateway may send a subgraph in one request; 1 for each alone. */
  subgraphBatchSize: Record<SubgraphName, number>;
  /** How often the subgraphs are asked whether their schemas changed; 0 for never. */
  supergraphPollSeconds: number;
  /** How long the gateway may take to send its clients elsewhere and to finish what it has begun. */
  drainSeconds: number;
  /** How long a client may take for its headers and its whole request, and how long an idle connection stays open. */
  timeouts: ConnectionTimeouts;
  /** Addresses of the proxies whose `X-Forwarded-For` says where a client is. */
  trustedProxies: string[];
  /** Whether clients may ask for the schema; unless said, where development tokens are accepted. */
  introspection: boolean;
  /** Whether there is a page to try operations on; unless said, where development tokens are accepted. */
  sandbox: boolean;
  /** Origins of the browser pages, besides the hub's own, that may use the hub. */
  corsOrigins: readonly string[];
  /** What a caller may spend in a minute, in the unit of `@cost`; the role `service` may spend 20 times that. */
  rateLimitCostPerMinute: number;
  /** Queries and mutations that run at the same time, and those that may wait, for each caller. */
  operationLimits: {
    operations: number;
    /** For the role `service`. */
    serviceOperations: number;
    waitingOperations: number;
    operationWaitMs: number;
  };
  /** File of the only operations that run; without it all do. */
  persistedOperations: string | undefined;
  /** The OpenID Connect issuer whose tokens are accepted; without it the development issuer's. */
  oidcIssuer: string | undefined;
  /** The audience a client's token must name. */
  oidcAudience: string;
  /** How long after it was issued a token of a person is accepted at most. */
  tokenMaxAgeSeconds: number;
  /** pino level. */
  logLevel: string;
  /** Where spans are sent over OTLP/HTTP; without it none are made. */
  otlpTracesUrl: string | undefined;
}

/** A setting that cannot be used: one line that says which, what came, and what to write instead. */
export class SettingsError extends Error {}

/** A span of time; each of these is at most an hour, so that a mistyped unit is noticed. */
const span = makeValidator((input: string) => {
  const value = Number(input);
  if (input.trim() !== '' && value >= 0 && value <= 3_600_000) return value;
  throw new Error(`expected a number from 0 to 3600000, got "${input}"`);
});

/** A time a client gets, above 0, in seconds; read as milliseconds. */
const timeoutSeconds = makeValidator((input: string) => {
  const value = Number(input);
  if (value > 0 && value <= 3_600) return Math.ceil(value * 1_000);
  throw new Error(`expected a number of seconds above 0 and up to 3600, got "${input}"`);
});

/** Addresses and networks, separated by commas. */
const networks = makeValidator((input: string) => {
  const list = input.split(',').map((part) => part.trim());
  const wrong = list.find((network) => !isNetwork(network));
  if (wrong === undefined) return list;
  throw new Error(
    `expected addresses or networks such as 10.0.0.0/8, separated by commas, got "${wrong}"`,
  );
});

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && +bits >= 1 && +bits <= most);
  return most > 0 && isRange && rest.length === 0;
}

/** A number of operations. */
const count = makeValidator((input: string) => {
  const value = Number(input);
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return value;
  throw new Error(`expected a whole number from 1 to 10000, got "${input}"`);
});

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** An age with its unit, such as 90m, 24h or 7d, from a minute to 31 days; read as seconds. */
const age = makeValidator((input: string) => {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(input) ?? [];
  const seconds = Number(count) * SECONDS[unit as keyof typeof SECONDS];
  if (seconds >= SECONDS.m && seconds <= 31 * SECONDS.d) return seconds;
  throw new Error(`expected a number with its unit, s, m, h or d, from 60s to 31d, got "${input}"`);
});

/** At most as many as a subgraph should answer side by side. */
const batchSize = makeValidator((input: string) => {
  const value = Number(input);
  if (Number.isInteger(value) && value >= 1 && value <= 100) return value;
  throw new Error(`expected a whole number from 1 to 100, got "${input}"`);
});

/** Origins separated by commas, each as a browser sends it: scheme, host, and port where it is not the usual one. */
const origins = makeValidator<string[]>((input: string) => {
  const list = input.split(',').map((origin) => origin.trim());
  for (const origin of list) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new Error(`expected origins such as https://board.example.org, got "${origin}"`);
    }
  }
  return list;
});

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

/** Reads all settings once. The only place that looks at `process.env`. Throws SettingsError. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const read = cleanEnv(
    env,
    {
      PORT: port({ default: 4000 }),
      HOST: str({ default: '127.0.0.1' }),
      VIERBLATT_DATA: str({ default: projectPath('.vierblatt') }),
      OIDC_ISSUER: url({ default: undefined }),
      OIDC_AUDIENCE: str({ default: 'vierblatt' }),
      TOKEN_MAX_AGE: age({ default: 86_400 }),
      LOG_LEVEL: str({
        choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
        default: 'info',
      }),
      OTEL_EXPORTER_OTLP_ENDPOINT: url({ default: undefined }),
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url({ default: undefined }),
      OTEL_SDK_DISABLED: bool({ default: false }),
      INTROSPECTION: bool({ default: undefined }),
      SANDBOX: bool({ default: undefined }),
      CORS_ORIGINS: origins({ default: [] }),
      RATE_LIMIT_COST_PER_MINUTE: num({ default: 600_000 }),
      OPERATIONS_PER_CALLER: count({ default: 4 }),
      OPERATIONS_PER_SERVICE: count({ default: 32 }),
      WAITING_OPERATIONS_PER_CALLER: count({ default: 100 }),
      OPERATION_WAIT_MS: span({ default: 10_000 }),
      PERSISTED_OPERATIONS: str({ default: undefined }),
      PATIENTS_DATA_KEY: str({ default: undefined }),
      PZC_LIST: str({ default: undefined }),
      SUPERGRAPH_POLL_SECONDS: span({ default: 10 }),
      DRAIN_SECONDS: span({ default: 15 }),
      HEADERS_TIMEOUT_SECONDS: timeoutSeconds({ default: USUAL_TIMEOUTS.headersMs }),
      BODY_TIMEOUT_SECONDS: timeoutSeconds({ default: USUAL_TIMEOUTS.bodyMs }),
      KEEP_ALIVE_SECONDS: timeoutSeconds({ default: USUAL_TIMEOUTS.keepAliveMs }),
      TRUSTED_PROXIES: networks({ default: [] }),
      ...perSubgraph((name) => [`${name}_TIMEOUT_MS`, span({ default: 10_000 })]),
      ...perSubgraph((name) => [`${name}_BATCH_SIZE`, batchSize({ default: USUAL_BATCH_SIZE })]),
      ...perSubgraph((name) => [`${name}_URL`, url({ default: undefined })]),
      ...perSubgraph((name) => [`${name}_DATABASE_URL`, url({ default: undefined })]),
      ...perSubgraph((name) => [`${name}_MIGRATION_DATABASE_URL`, url({ default: undefined })]),
    },
    { reporter: refuse },
  ) as unknown as Record<string, string | undefined> & {
    PORT: number;
    TOKEN_MAX_AGE: number;
    SUPERGRAPH_POLL_SECONDS: number;
    RATE_LIMIT_COST_PER_MINUTE: number;
    OPERATIONS_PER_CALLER: number;
    OPERATIONS_PER_SERVICE: number;
    WAITING_OPERATIONS_PER_CALLER: number;
    OPERATION_WAIT_MS: number;
    OTEL_SDK_DISABLED: boolean;
    INTROSPECTION?: boolean;
    SANDBOX?: boolean;
    CORS_ORIGINS: string[];
    DRAIN_SECONDS: number;
    HEADERS_TIMEOUT_SECONDS: number;
    BODY_TIMEOUT_SECONDS: number;
    KEEP_ALIVE_SECONDS: number;
    TRUSTED_PROXIES: string[];
  };

  const numberEach = (setting: (name: string) => string) =>
    Object.fromEntries(
      SUBGRAPHS.map((name) => [name, Number(read[setting(name.toUpperCase())])]),
    ) as Record<SubgraphName, number>;

  const urlEach = (setting: (name: string) => string): Partial<Record<SubgraphName, string>> =>
    Object.fromEntries(
      SUBGRAPHS.flatMap((name) => {
        const value = read[setting(name.toUpperCase())];
        return value === undefined ? [] : [[name, value]];
      }),
    );

  const host = read['HOST'] ?? '127.0.0.1';
  if (!LOOPBACK.has(host) && !read['OIDC_ISSUER']) {
    throw new SettingsError(
      `HOST is ${host}, but without OIDC_ISSUER the hub trusts development tokens and binds to 127.0.0.1 only. Set OIDC_ISSUER, or leave HOST out.`,
    );
  }
  const data = read['VIERBLATT_DATA'] ?? '';
  return {
    port: read.PORT,
    host,
    dataFolder: isAbsolute(data) ? data : resolve(data),
    subgraphUrl: Object.fromEntries(
      SUBGRAPHS.map((name, index) => [
        name,
        read[`${name.toUpperCase()}_URL`] ?? `http://127.0.0.1:${read.PORT + 1 + index}/graphql`,
      ]),
    ) as Settings['subgraphUrl'],
    databaseUrl: urlEach((name) => `${name}_DATABASE_URL`),
    migrationDatabaseUrl: urlEach((name) => `${name}_MIGRATION_DATABASE_URL`),
    subgraphTimeoutMs: numberEach((name) => `${name}_TIMEOUT_MS`),
    subgraphBatchSize: numberEach((name) => `${name}_BATCH_SIZE`),
    supergraphPollSeconds: read.SUPERGRAPH_POLL_SECONDS,
    drainSeconds: read.DRAIN_SECONDS,
    timeouts: {
      headersMs: read.HEADERS_TIMEOUT_SECONDS,
      bodyMs: read.BODY_TIMEOUT_SECONDS,
      keepAliveMs: read.KEEP_ALIVE_SECONDS,
    },
    trustedProxies: read.TRUSTED_PROXIES,
    introspection: read.INTROSPECTION ?? !read['OIDC_ISSUER'],
    sandbox: read.SANDBOX ?? !read['OIDC_ISSUER'],
    corsOrigins: read.CORS_ORIGINS,
    rateLimitCostPerMinute: read.RATE_LIMIT_COST_PER_MINUTE,
    operationLimits: {
      operations: read.OPERATIONS_PER_CALLER,
      serviceOperations: read.OPERATIONS_PER_SERVICE,
      waitingOperations: read.WAITING_OPERATIONS_PER_CALLER,
      operationWaitMs: read.OPERATION_WAIT_MS,
    },
    persistedOperations: read['PERSISTED_OPERATIONS'],
    patientsDataKey: read['PATIENTS_DATA_KEY'],
    pzcList: read['PZC_LIST'],
    oidcIssuer: read['OIDC_ISSUER'],
    oidcAudience: read['OIDC_AUDIENCE'] ?? 'vierblatt',
    tokenMaxAgeSeconds: read.TOKEN_MAX_AGE,
    logLevel: read['LOG_LEVEL'] ?? 'info',
    otlpTracesUrl: read.OTEL_SDK_DISABLED ? undefined : otlpTracesUrl(read),
  };
}

/** Variables by which the shell would reach into a database connection: those of libpq, and pg's own. */
const OF_POSTGRES = /^(PG|NODE_PG)/;

/**
 * Makes this process deaf to the variables of libpq (`PGSSLMODE`, `PGOPTIONS`, ...), which the pg package reads whenever a
 * connection is made. A database is described by its URL alone; what the caller's shell holds is meant for another one.
 */
export function ignorePostgresVariables(): void {
  for (const name of Object.keys(process.env)) {
    if (OF_POSTGRES.test(name)) Reflect.deleteProperty(process.env, name);
  }
}

/** The environment of a process that this one starts: its own without the variables of libpq, and what is added. */
export function environmentWith(additions: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !OF_POSTGRES.test(name));
  return { ...Object.fromEntries(own), ...additions };
}

/** `@apollo/gateway` reports its use to its maker unless this is set before one is made; it can be told in no other way. */
export function disableApolloTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
}

/** The names and their meaning are OpenTelemetry's: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
function otlpTracesUrl(read: Record<string, string | undefined>): string | undefined {
  const endpoint = read['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return (
    read['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ??
    (endpoint === undefined ? undefined : `${endpoint.replace(/\/$/, '')}/v1/traces`)
  );
}

function perSubgraph<V>(entry: (upperCaseName: string) => [string, V]): Record<string, V> {
  return Object.fromEntries(SUBGRAPHS.map((name) => entry(name.toUpperCase())));
}

function refuse({ errors }: { errors: Record<string, Error> }): void {
  const [problem] = Object.entries(errors);
  if (!problem) return;
  const [name, { message }] = problem;
  // What came may hold a password.
  const reason = name.endsWith('_DATABASE_URL')
    ? 'it is no URL such as postgresql://user:password@host:5432/database'
    : message;
  throw new SettingsError(`Setting ${name} cannot be used: ${reason}`);
}
