// JavaScript, because it runs before anything is compiled.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLED, DIST, PROJECT } from './paths.mjs';

const TYPESCRIPT = join(PROJECT, 'node_modules/@typescript/native/bin/tsc');
const PRISMA = join(PROJECT, 'node_modules/prisma/build/index.js');
const BUNDLE = join(PROJECT, 'tools/build/bundle.mjs');
const LOCK_FILE = join(PROJECT, 'package-lock.json');

const COMPILED = join(DIST, 'start/main.js');
/** The file that `npm start` runs in the end: where it exists there is a build. */
export const OUTPUT = join(BUNDLED, 'start/main.js');

const AGAIN = 'Correct what is said above, then try again.';

/** Without the development dependencies (`npm ci --omit=dev`) nothing is built and what is there is trusted. */
export function isEveryToolInstalled() {
  return existsSync(TYPESCRIPT);
}

/** Steps that make source code or pages and need nothing of each other. @returns {import('./stamps.mjs').Step[]} */
export function generating() {
  return [
    ...subgraphs().map(databaseClient),
    ...resolverTypes(),
    ...typedOperations(),
    ...composedSchemas(),
    ...sandbox(),
  ];
}

/** Steps that need what the others made. @returns {import('./stamps.mjs').Step[]} */
export function compiling() {
  const settings = join(PROJECT, 'tsconfig.json');
  const { include } = JSON.parse(readFileSync(settings, 'utf8'));
  return [
    {
      id: 'typescript',
      name: 'the programs',
      advice: AGAIN,
      inputs: [settings, LOCK_FILE, BUNDLE, ...include.map((path) => join(PROJECT, path))],
      only: /\.(ts|tsx|mts)$/,
      outputs: [COMPILED, OUTPUT],
      run: async () => {
        // The compiler believes its own notes, also when somebody deleted what it had written.
        if (!existsSync(COMPILED)) rmSync(join(DIST, 'tsconfig.tsbuildinfo'), { force: true });
        const compiled = await run([TYPESCRIPT, '-p', settings]);
        // Despite type errors: the caller goes on with what was compiled.
        const bundled = await run([BUNDLE]);
        return bundled.status === 0 ? compiled : bundled;
      },
    },
  ];
}

function subgraphs() {
  const folder = join(PROJECT, 'subgraphs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'prisma/schema')));
}

function databaseClient(subgraph) {
  const folder = join(PROJECT, 'subgraphs', subgraph);
  return {
    id: `prisma-${subgraph}`,
    name: `the database client of ${subgraph}`,
    advice: AGAIN,
    inputs: [
      join(folder, 'prisma/schema'),
      join(folder, 'prisma.config.ts'),
      ...['table-columns.mjs', 'table-columns'].map((path) => join(PROJECT, 'tools', path)),
      LOCK_FILE,
    ],
    outputs: ['prisma/client.ts', 'columns.ts'].map((path) => join(folder, 'generated', path)),
    run: () =>
      run([PRISMA, 'generate'], folder, {
        // Prisma's own engine is a download; this one comes with the project.
        PRISMA_SCHEMA_ENGINE_BINARY: join(PROJECT, 'tools/schema-engine.mjs'),
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      }),
  };
}

function resolverTypes() {
  const tool = join(PROJECT, 'tools/generate-types.mjs');
  if (!existsSync(tool)) return [];
  return [
    {
      id: 'resolver-types',
      name: 'the types of the schemas',
      advice: AGAIN,
      inputs: [tool, LOCK_FILE, join(PROJECT, 'shared'), join(PROJECT, 'subgraphs')],
      only: /\.graphql$|^mappers\.json$/,
      outputs: subgraphs().map((name) => join(PROJECT, 'subgraphs', name, 'generated/graphql.ts')),
      run: () => run([tool]),
    },
  ];
}

function typedOperations() {
  const tool = join(PROJECT, 'tools/generate-operations.mjs');
  if (!existsSync(tool)) return [];
  const table = join(PROJECT, 'tools/operations/clients.json');
  const folders = Object.keys(JSON.parse(readFileSync(table, 'utf8')));
  const documents = folders.map((folder) => join(PROJECT, folder, 'operations.graphql'));
  return [
    {
      id: 'operations',
      name: 'the types of the operations',
      advice: AGAIN,
      inputs: [
        tool,
        table,
        LOCK_FILE,
        join(PROJECT, 'shared'),
        join(PROJECT, 'subgraphs'),
        ...documents,
      ],
      only: /\.graphql$/,
      outputs: folders.map((folder) => join(PROJECT, folder, 'generated/operations.ts')),
      run: () => run([tool]),
    },
  ];
}

function composedSchemas() {
  const tool = join(PROJECT, 'tools/composed-schemas.mjs');
  if (!existsSync(tool)) return [];
  const supergraph = join(PROJECT, 'gateway/supergraph.graphql');
  return [
    {
      id: 'composed-schemas',
      name: 'the digest of the schemas',
      advice: AGAIN,
      inputs: [tool, LOCK_FILE, supergraph, join(PROJECT, 'shared'), join(PROJECT, 'subgraphs')],
      only: /\.graphql$/,
      outputs: [join(PROJECT, 'gateway/generated/composition.json')],
      run: () => run([tool]),
    },
  ];
}

function sandbox() {
  const tool = join(PROJECT, 'gateway/sandbox/build.mjs');
  if (!existsSync(tool)) return [];
  return [
    {
      id: 'sandbox',
      name: 'the sandbox page',
      advice: AGAIN,
      inputs: [join(PROJECT, 'gateway/sandbox'), LOCK_FILE],
      outputs: [join(PROJECT, 'gateway/sandbox/dist/index.html')],
      run: () => run([tool]),
    },
  ];
}

/** Runs a program of Node with what npm installed, never with what the shell happens to find. */
function run(args, cwd = PROJECT, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // A signal that ends the build ends its steps.
    const kill = () => child.kill();
    process.once('exit', kill);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.once('error', reject);
    child.once('close', (status) => {
      process.off('exit', kill);
      resolve({ status, output });
    });
  });
}
