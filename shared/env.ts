import { isAbsolute, resolve } from 'node:path';
import { cleanEnv, port, str, url } from 'envalid';
import { projectPath } from './root.js';

/** The subgraphs in the order of their ports: the first listens on `PORT` + 1. */
export const SUBGRAPHS = ['capacity'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];

export interface Settings {
  /** Port of the gateway; 4000 unless `PORT` says otherwise. */
  port: number;
  /** Address every server binds to; beyond loopback only with an `OIDC_ISSUER`. */
  host: string;
  /** Folder of the embedded database and of the keys; `.vierblatt/` in the project unless `VIERBLATT_DATA`. */
  dataFolder: string;
  /** Where each subgraph is reached, path included. */
  subgraphUrl: Record<SubgraphName, string>;
  /** Database servers to use instead of the embedded one. */
  databaseUrl: Partial<Record<SubgraphName, string>>;
  /** The OpenID Connect issuer whose tokens are accepted; without it the development issuer's. */
  oidcIssuer: string | undefined;
  /** The audience a client's token must name. */
  oidcAudience: string;
  /** pino level. */
  logLevel: string;
}

/** A setting that cannot be used: one line that says which, what came, and what to write instead. */
export class SettingsError extends Error {}

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
      LOG_LEVEL: str({
        choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
        default: 'info',
      }),
      ...perSubgraph((name) => [`${name}_URL`, url({ default: undefined })]),
      ...perSubgraph((name) => [`${name}_DATABASE_URL`, url({ default: undefined })]),
    },
    { reporter: refuse },
  ) as unknown as Record<string, string | undefined> & { PORT: number };

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
    databaseUrl: Object.fromEntries(
      SUBGRAPHS.flatMap((name) => {
        const value = read[`${name.toUpperCase()}_DATABASE_URL`];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    oidcIssuer: read['OIDC_ISSUER'],
    oidcAudience: read['OIDC_AUDIENCE'] ?? 'vierblatt',
    logLevel: read['LOG_LEVEL'] ?? 'info',
  };
}

/** The environment of a process that this one starts: its own, and what is added. */
export function environmentWith(additions: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...additions };
}

/** `@apollo/gateway` reports its use to its maker unless this is set before one is made; it can be told in no other way. */
export function disableApolloTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
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
