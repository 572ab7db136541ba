import { isAbsolute, resolve } from 'node:path';
import { bool, cleanEnv, port, str } from 'envalid';
import { isLoopback, withoutBrackets } from './addresses.js';
import { USUAL_TIMEOUTS, type ConnectionTimeouts } from './connection-timeouts.js';
import { projectPath } from './root.js';
import {
  age,
  batchSize,
  cost,
  count,
  days,
  host,
  milliseconds,
  responseTimeout,
  networks,
  origins,
  postgresUrl,
  seconds,
  timeoutSeconds,
  webUrl,
} from './setting-kinds.js';
import { DAY_SECONDS } from './time/rules.js';

/** The subgraphs in the order of their ports: the first listens on `PORT` + 1. */
export const SUBGRAPHS = ['capacity', 'patients', 'supply', 'personnel'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];

/** How many operations the gateway sends a subgraph in one request, unless its setting says otherwise. */
export const USUAL_BATCH_SIZE = 16;

export interface Settings {
  /** Port of the gateway; 4000 unless `PORT` says otherwise. */
  port: number;
  /** Address the gateway binds to; beyond loopback only with an `OIDC_ISSUER`. */
  host: string;
  /** Folder of the embedded database and of the keys; `.vierblatt/` in the project unless `VIERBLATT_DATA`. */
  dataFolder: string;
  /** Where each subgraph is reached, path included. */
  subgraphUrl: Record<SubgraphName, string>;
  /** Address each subgraph binds to: its `_HOST`, or the loopback address that its `_URL` names. */
  subgraphHost: Record<SubgraphName, string>;
  /** Keys of 32 bytes in base64, separated by commas, that seal patients' names; without it the data folder's own. */
  patientsDataKey: string | undefined;
  /** Keys that encrypt who professionals are; see personnelKeys. */
  personnelDataKey: string | undefined;
  /** File of the Rückmeldeindizes that are active; without it none is warned of. */
  pzcList: string | undefined;
  /** Days that data about persons is kept, see docs/data-protection.md. */
  retentionDays: {
    /** Patients after their incident was closed. */
    patients: number;
    /** Audit entries. */
    audit: number;
    /** Free text of the capacity subgraph after what it is about is over. */
    capacityWords: number;
    /** Free text of the supply subgraph after what it is about is over. */
    supplyWords: number;
  };
  /** Whether supply models lifelines of facilities that have reported none. */
  supplyModelled: boolean;
  /** Databases to use instead of the embedded ones, each under the role with which its service works. */
  databaseUrl: Partial<Record<SubgraphName, string>>;
  /** URLs of the databases under the roles that migrate them; where none is named, the role of `databaseUrl` migrates. */
  migrationDatabaseUrl: Partial<Record<SubgraphName, string>>;
  /** How long each subgraph may take for a response. */
  subgraphTimeoutMs: Record<SubgraphName, number>;
  /** How many operations the gateway may send a subgraph in one request; 1 for each alone. */
  subgraphBatchSize: Record<SubgraphName, number>;
  /** How often the gateway checks whether the schemas of the subgraphs changed; 0 for never. */
  supergraphPollSeconds: number;
  /** How long the gateway may take to send its clients elsewhere and to finish what it has begun. */
  drainSeconds: number;
  /** How long a client may take for its headers, its whole request and to read on, and how long an idle connection stays open. */
  timeouts: ConnectionTimeouts;
  /** Addresses of the proxies whose `X-Forwarded-For` says where a client is. */
  trustedProxies: string[];
  /** Whether clients may introspect the schema; unless said, where development tokens are accepted. */
  introspection: boolean;
  /** Whether there is a page to try operations on; unless said, where development tokens are accepted. */
  sandbox: boolean;
  /** Origins of the browser pages, besides the hub's own, that may use the hub. */
  corsOrigins: readonly string[];
  /** Cost that a caller may spend in a minute, in the unit of `@cost`; the role `service` may spend 20 times that. */
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

/** A setting that cannot be used: one line that says which, what is wrong, and what to write instead. */
export class SettingsError extends Error {}

const SETTINGS = {
  PORT: port({ default: 4000 }),
  HOST: host({ default: '127.0.0.1' }),
  VIERBLATT_DATA: str({ default: projectPath('.vierblatt') }),
  OIDC_ISSUER: webUrl({ default: undefined }),
  OIDC_AUDIENCE: str({ default: 'vierblatt' }),
  TOKEN_MAX_AGE: age({ default: DAY_SECONDS }),
  LOG_LEVEL: str({
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: webUrl({ default: undefined }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: webUrl({ default: undefined }),
  OTEL_SDK_DISABLED: bool({ default: false }),
  INTROSPECTION: bool({ default: undefined }),
  SANDBOX: bool({ default: undefined }),
  CORS_ORIGINS: origins({ default: [] }),
  RATE_LIMIT_COST_PER_MINUTE: cost({ default: 600_000 }),
  OPERATIONS_PER_CALLER: count({ default: 4 }),
  OPERATIONS_PER_SERVICE: count({ default: 32 }),
  WAITING_OPERATIONS_PER_CALLER: count({ default: 100 }),
  OPERATION_WAIT_MS: milliseconds({ default: 10_000 }),
  PERSISTED_OPERATIONS: str({ default: undefined }),
  PATIENTS_DATA_KEY: str({ default: undefined }),
  PERSONNEL_DATA_KEY: str({ default: undefined }),
  PZC_LIST: str({ default: undefined }),
  PATIENTS_RETENTION_DAYS: days(1)({ default: 90 }),
  AUDIT_RETENTION_DAYS: days(366)({ default: 730 }),
  CAPACITY_WORDS_RETENTION_DAYS: days(1)({ default: 365 }),
  SUPPLY_WORDS_RETENTION_DAYS: days(1)({ default: 365 }),
  SUPPLY_MODELLED: bool({ default: false }),
  SUPERGRAPH_POLL_SECONDS: seconds({ default: 10 }),
  DRAIN_SECONDS: seconds({ default: 15 }),
  HEADERS_TIMEOUT_SECONDS: timeoutSeconds({ default: USUAL_TIMEOUTS.headersMs }),
  BODY_TIMEOUT_SECONDS: timeoutSeconds({ default: USUAL_TIMEOUTS.bodyMs }),
  KEEP_ALIVE_SECONDS: timeoutSeconds({ default: USUAL_TIMEOUTS.keepAliveMs }),
  WRITE_TIMEOUT_SECONDS: timeoutSeconds({ default: USUAL_TIMEOUTS.writeMs }),
  TRUSTED_PROXIES: networks({ default: [] }),
  ...perSubgraph((name) => [`${name}_TIMEOUT_MS`, responseTimeout({ default: 10_000 })]),
  ...perSubgraph((name) => [`${name}_BATCH_SIZE`, batchSize({ default: USUAL_BATCH_SIZE })]),
  ...perSubgraph((name) => [`${name}_HOST`, host({ default: undefined })]),
  ...perSubgraph((name) => [`${name}_URL`, webUrl({ default: undefined })]),
  ...perSubgraph((name) => [`${name}_DATABASE_URL`, postgresUrl({ default: undefined })]),
  ...perSubgraph((name) => [`${name}_MIGRATION_DATABASE_URL`, postgresUrl({ default: undefined })]),
};

/**
 * The names of all settings.
 * @internal A test holds that docker-compose.yml hands on each of them.
 */
export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);

/** Reads all settings once. Nothing else reads `process.env`. Throws SettingsError. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const read = cleanEnv(withoutEmpty(env), SETTINGS, {
    reporter: refuse,
  }) as unknown as Record<string, string | undefined> & {
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
    WRITE_TIMEOUT_SECONDS: number;
    TRUSTED_PROXIES: string[];
    PATIENTS_RETENTION_DAYS: number;
    AUDIT_RETENTION_DAYS: number;
    CAPACITY_WORDS_RETENTION_DAYS: number;
    SUPPLY_WORDS_RETENTION_DAYS: number;
    SUPPLY_MODELLED: boolean;
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

  const isDevelopment = !read['OIDC_ISSUER'];
  const boundTo = (setting: string, address: string) => {
    if (!isDevelopment || isLoopback(address)) return address;
    throw new SettingsError(
      `${setting} is ${address}, but without OIDC_ISSUER the hub trusts development tokens and binds to addresses of this machine only, such as 127.0.0.1. Set OIDC_ISSUER, or leave ${setting} out.`,
    );
  };
  const subgraphUrl = Object.fromEntries(
    SUBGRAPHS.map((name, index) => [
      name,
      read[`${name.toUpperCase()}_URL`] ?? usualUrl(name, read.PORT + 1 + index),
    ]),
  ) as Settings['subgraphUrl'];
  const subgraphHost = Object.fromEntries(
    SUBGRAPHS.map((name) => {
      const setting = `${name.toUpperCase()}_HOST`;
      const named = withoutBrackets(new URL(subgraphUrl[name]).hostname);
      return [name, boundTo(setting, read[setting] ?? (isLoopback(named) ? named : '127.0.0.1'))];
    }),
  ) as Settings['subgraphHost'];
  const data = read['VIERBLATT_DATA'] ?? '';
  return {
    port: read.PORT,
    host: boundTo('HOST', read['HOST'] ?? '127.0.0.1'),
    dataFolder: isAbsolute(data) ? data : resolve(data),
    subgraphUrl,
    subgraphHost,
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
      writeMs: read.WRITE_TIMEOUT_SECONDS,
    },
    trustedProxies: read.TRUSTED_PROXIES,
    introspection: read.INTROSPECTION ?? isDevelopment,
    sandbox: read.SANDBOX ?? isDevelopment,
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
    personnelDataKey: read['PERSONNEL_DATA_KEY'],
    pzcList: read['PZC_LIST'],
    retentionDays: {
      patients: read.PATIENTS_RETENTION_DAYS,
      audit: read.AUDIT_RETENTION_DAYS,
      capacityWords: read.CAPACITY_WORDS_RETENTION_DAYS,
      supplyWords: read.SUPPLY_WORDS_RETENTION_DAYS,
    },
    supplyModelled: read.SUPPLY_MODELLED,
    oidcIssuer: read['OIDC_ISSUER'],
    oidcAudience: read['OIDC_AUDIENCE'] ?? 'vierblatt',
    tokenMaxAgeSeconds: read.TOKEN_MAX_AGE,
    logLevel: read['LOG_LEVEL'] ?? 'info',
    otlpTracesUrl: read.OTEL_SDK_DISABLED ? undefined : otlpTracesUrl(read),
  };
}

/** Variables by which the shell would reach into a database connection: those of libpq, and pg's own. */
const OF_POSTGRES = /^(PG|NODE_PG)/;
/** Addresses with the password of the role that owns a database: for its migration alone, and no service. */
const OF_MIGRATIONS = /_MIGRATION_DATABASE_URL$/;

/**
 * Makes this process deaf to the variables of libpq (`PGSSLMODE`, `PGOPTIONS`, ...), which the pg package reads whenever a
 * connection is made. A database is described by its URL alone; what the caller's shell holds is meant for another one.
 */
export function ignorePostgresVariables(): void {
  for (const name of Object.keys(process.env)) {
    if (OF_POSTGRES.test(name)) Reflect.deleteProperty(process.env, name);
  }
}

/** Where a subgraph of this machine listens. Throws SettingsError when its URL leaves the port open. */
export function listenAddress(
  { subgraphHost, subgraphUrl }: Pick<Settings, 'subgraphHost' | 'subgraphUrl'>,
  name: SubgraphName,
): { host: string; port: number } {
  const url = subgraphUrl[name];
  const { port: named } = new URL(url);
  if (named) return { host: subgraphHost[name], port: Number(named) };
  throw new SettingsError(
    `${name.toUpperCase()}_URL is ${url}, but its port is missing. Write an address such as http://127.0.0.1:14001/graphql.`,
  );
}

/**
 * The environment of a process that this one starts: its own without the variables of libpq and the addresses of migrations,
 * and what is added.
 */
export function environmentWith(additions: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !OF_POSTGRES.test(name) && !OF_MIGRATIONS.test(name),
  );
  return { ...Object.fromEntries(own), ...additions };
}

/** `@apollo/gateway` reports its use to its maker unless this is set before one is made; there is no other switch. */
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

function usualUrl(name: SubgraphName, subgraphPort: number): string {
  if (subgraphPort <= 65_535) return `http://127.0.0.1:${subgraphPort}/graphql`;
  throw new SettingsError(
    `PORT leaves no port for ${name}: the subgraphs take the next ${SUBGRAPHS.length}. Set PORT to at most ${65_535 - SUBGRAPHS.length}, or set ${name.toUpperCase()}_URL.`,
  );
}

/** An empty text is as a rule a variable that was to have a value. To OpenTelemetry's own settings it means none. */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const empty = Object.keys(SETTINGS).filter((name) => env[name]?.trim() === '');
  const refused = empty.find((name) => !name.startsWith('OTEL_'));
  if (refused !== undefined) {
    throw new SettingsError(`Setting ${refused} is empty. Write a value, or leave it out.`);
  }
  return { ...env, ...Object.fromEntries(empty.map((name) => [name, undefined])) };
}

function refuse({ errors }: { errors: Record<string, Error> }): void {
  const [problem] = Object.entries(errors);
  if (!problem) return;
  const [name, { message }] = problem;
  // The value may hold a password.
  const reason = name.endsWith('_DATABASE_URL')
    ? 'it is no URL such as postgresql://user:password@host:5432/database, and PostgreSQL is needed'
    : message;
  throw new SettingsError(`Setting ${name} cannot be used: ${reason}`);
}
