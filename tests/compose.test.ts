import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readSettings, SETTING_NAMES, SUBGRAPHS } from '../shared/env.js';
import { projectPath } from '../shared/root.js';
import { SERVER_LIMITS } from '../start/postgres/postmaster.js';

interface Service {
  image: string;
  command?: string;
  /** null: as it is in the environment of docker compose, or not at all. */
  environment: Record<string, string | null>;
  volumes: string[];
  configs?: { source: string; target: string }[];
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  configs: Record<string, { file?: string; content?: string }>;
}
const compose = parse(readFileSync(projectPath('docker-compose.yml'), 'utf8'), {
  merge: true,
}) as Compose;
const { postgres, migrations, ...ours } = compose.services;
const NAMES = ['gateway', ...SUBGRAPHS];

/** Resolves, as docker compose does, `${NAME:?message}` and `${NAME:-default}` when every variable is set. */
const substituted = (text: string) =>
  text.replaceAll(/\$\{(\w+)(?::[?-]([^}]*))?\}/g, (_, name: string, rest = '') => {
    if (name === 'OIDC_ISSUER') return 'https://login.example.org';
    return /PASSWORD|KEY/.test(name) ? `secret-${name}` : rest;
  });
const environmentOf = ({ environment }: Service) =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === null ? [] : [[name, substituted(value)]],
    ),
  );
/** `volume:path:mode`. */
const mountsOf = ({ volumes }: Service) =>
  volumes.map((mount) => {
    const [volume, path, mode = 'rw'] = mount.split(':');
    return { volume: volume!, path: path!, mode };
  });

test('the gateway and every subgraph is a service', () => {
  expect(Object.keys(ours).sort()).toEqual([...NAMES].sort());
  for (const name of NAMES) {
    const folder = name === 'gateway' ? name : `subgraphs/${name}`;
    expect(ours[name]!.command).toBe(`node dist/bundled/${folder}/server.js`);
  }
});

test.each(NAMES)('the settings of %s are read', (name) => {
  const environment = environmentOf(ours[name]!);
  expect(readSettings(environment).oidcIssuer).toBe('https://login.example.org');
});

test('every setting can be set, but for those that a container cannot have otherwise and those that name a file', () => {
  const services = [...Object.values(ours), migrations!];
  const set = new Set(services.flatMap(({ environment }) => Object.keys(environment)));
  expect(SETTING_NAMES.filter((name) => !set.has(name)).sort()).toEqual([
    'PERSISTED_OPERATIONS',
    'PORT',
    'PZC_LIST',
    'VIERBLATT_DATA',
  ]);
  for (const name of set) expect([...SETTING_NAMES, 'PORT']).toContain(name);
});

test.each([...SUBGRAPHS])('%s works and is migrated under roles of its own', (name) => {
  const runtime = new URL(readSettings(environmentOf(ours[name]!)).databaseUrl[name]!);
  const migrating = readSettings(environmentOf(migrations!));
  const owner = new URL(migrating.migrationDatabaseUrl[name]!);
  // It grants rights to this role and does not connect as it.
  expect(migrating.databaseUrl[name]).toBe(`postgresql://${name}@postgres:5432/${name}`);
  expect([runtime.username, owner.username]).toEqual([name, `${name}_owner`]);
  expect([runtime.pathname, owner.pathname]).toEqual([`/${name}`, `/${name}`]);
  expect([runtime.password !== '', owner.password !== '']).toEqual([true, true]);
});

test('the server of the databases has the limits of the embedded one', () => {
  const limits = SERVER_LIMITS.map((limit) => `-c ${limit}`).join(' ');
  expect(postgres!.command).toBe(`postgres ${limits}`);
});

test('no service knows a password of another, or the superuser’s', () => {
  const secretsOf = (service: Service) =>
    new Set(JSON.stringify(environmentOf(service)).match(/secret-\w+/g) ?? []);
  const known = NAMES.flatMap((name) => [...secretsOf(ours[name]!)]);
  expect(new Set(known).size).toBe(known.length);
  expect(known).not.toContain('secret-POSTGRES_PASSWORD');
  expect(known.filter((secret) => secret.includes('OWNER'))).toEqual([]);
});

test('a private key lies in a volume that no other service has, and a public one is written by its owner alone', () => {
  for (const name of NAMES) {
    for (const { volume, path, mode } of mountsOf(ours[name]!)) {
      const others = NAMES.filter((other) => other !== name).filter((other) =>
        mountsOf(ours[other]!).some((mount) => mount.volume === volume && mount.mode === 'rw'),
      );
      const signer = /\/keys\/public\/(\w+)$/.exec(path)?.[1];
      if (signer === undefined) {
        expect([name, path, others]).toEqual([name, '/var/lib/vierblatt', []]);
      } else {
        expect([name, path, mode]).toEqual([name, path, signer === name ? 'rw' : 'ro']);
      }
      expect(compose.volumes).toHaveProperty(volume);
    }
  }
});

test('a service reads the public keys of those that call it', () => {
  const readBy = (name: string) =>
    mountsOf(ours[name]!).flatMap(({ path }) => /\/keys\/public\/(\w+)$/.exec(path)?.[1] ?? []);
  expect(readBy('capacity').sort()).toEqual(['gateway', 'patients', 'personnel', 'supply']);
  expect(readBy('patients').sort()).toEqual(['gateway', 'patients']);
  expect(readBy('supply').sort()).toEqual(['gateway', 'personnel', 'supply']);
  expect(readBy('personnel').sort()).toEqual(['gateway', 'personnel']);
});

test('the databases are made by the SQL that the starter uses, and a script that a shell can read', () => {
  expect(compose.configs['roles']?.file).toBe('./shared/database/roles.sql');
  const targets = postgres!.configs!.map(({ source, target }) => `${source} ${target}`);
  expect(targets).toEqual([
    'databases /docker-entrypoint-initdb.d/databases.sh',
    'roles /vierblatt/roles.sql',
  ]);
  const script = compose.configs['databases']!.content!.replaceAll('$$', '$');
  execFileSync('bash', ['-n'], { input: script });
  for (const name of SUBGRAPHS) {
    const prefix = name.toUpperCase();
    expect(script).toContain(
      `database ${name} "$${prefix}_DATABASE_PASSWORD" "$${prefix}_OWNER_PASSWORD"`,
    );
    for (const variable of [`${prefix}_DATABASE_PASSWORD`, `${prefix}_OWNER_PASSWORD`]) {
      expect(postgres!.environment).toHaveProperty(variable);
    }
  }
});
