/** Tests of faults that take minutes run only by `npm run test:faults`. */
const runsFaults = process.env.VIERBLATT_FAULT_TESTS === '1';

/** Tests run on the TypeScript sources as ES modules (NODE_OPTIONS=--experimental-vm-modules, see `npm test`). */
export default {
  testEnvironment: 'node',
  testMatch: [runsFaults ? '**/*.faults.test.ts' : '**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(runsFaults ? [] : ['\\.faults\\.test\\.ts$'])],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.vierblatt/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  globalSetup: './tests/cluster/setup.mjs',
  globalTeardown: './tests/cluster/teardown.mjs',
  // Far longer than any test needs: it ends one that hangs. No test may fail because the machine is busy.
  testTimeout: 300_000,
  // Left alone, jest runs everything in one process on two cores, and what the suites leave behind in it slows the later ones.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1GB',
};
