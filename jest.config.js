import { availableParallelism } from 'node:os';
import './tests/typescript/register.mjs';

/** Tests of faults that take minutes run only by `npm run test:faults`. */
const runsFaults = process.env.VIERBLATT_FAULT_TESTS === '1';

/** Suites of Apollo that need jest's own modules; they run in jest's usual sandbox, each file in modules of its own. */
const NEEDS_JEST_MODULES =
  'gateway/conformance/(apollo-server|subgraph-compatibility)\\.test\\.ts$';

// Inherited by the processes that run the tests; see tests/typescript/README.md.
process.env.NODE_OPTIONS = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  '--enable-source-maps',
  `--import=${new URL('./tests/typescript/register.mjs', import.meta.url)}`,
].join(' ');

const common = {
  testEnvironment: 'node',
  testMatch: [runsFaults ? '**/*.faults.test.ts' : '**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.vierblatt/'],
  globalSetup: './tests/cluster/setup.mjs',
  globalTeardown: './tests/cluster/teardown.mjs',
};
const notHere = ['/node_modules/', ...(runsFaults ? [] : ['\\.faults\\.test\\.ts$'])];

/** Not in the lane of faults: an empty list of patterns would match every file. */
const apolloSuites = {
  ...common,
  testPathIgnorePatterns: notHere,
  testMatch: ['**/gateway/conformance/{apollo-server,subgraph-compatibility}.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      },
    ],
  },
};

export default {
  projects: [
    {
      ...common,
      // Files share the modules of their process: loading Apollo, PostgreSQL's client and the hub's own code for each file
      // took more time than the tests.
      runner: './tests/typescript/runner.mjs',
      testPathIgnorePatterns: [...notHere, NEEDS_JEST_MODULES],
      setupFilesAfterEnv: ['./tests/typescript/hung-tests.mjs'],
    },
    ...(runsFaults ? [] : [apolloSuites]),
  ],
  testSequencer: './tests/order/longest-first.mjs',
  reporters: ['default', './tests/progress/running-files.mjs'],
  // Three processes for two cores: a test waits for the database, for processes that it starts and for timers half of its time.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
};
