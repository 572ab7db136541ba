import eslint from '@eslint/js';
import graphql from '@graphql-eslint/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const TESTS = ['**/*.test.ts', 'tests/**', '**/testing/**'];
const RULES = ['subgraphs/**/rules.ts', 'subgraphs/**/rules/*.ts'];
const CONFIGS = [
  '*.config.{js,ts}',
  'subgraphs/*/prisma.config.ts',
  '.dependency-cruiser.js',
  // Jest calls these by their default export.
  'tests/cluster/{setup,teardown}.mjs',
  'tests/order/longest-first.mjs',
  'tests/progress/running-files.mjs',
  'tests/typescript/runner.mjs',
];

/** Selectors of ESLint's `no-restricted-syntax`, each with what to write instead. */
const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a default export has another name in every file that imports it.',
};
const NO_SPREAD_LITERAL = {
  selector:
    'ObjectExpression > SpreadElement > ObjectExpression, ArrayExpression > SpreadElement > ArrayExpression',
  message:
    'Write the fields or elements themselves: a spread of a literal reads as a merge, and is none.',
};
const USE_UNITS =
  'Import the unit from shared/time/rules.ts: HOUR_MS, DAY_MINUTES, DAY_SECONDS, ...';
const NO_UNITS = [
  {
    selector:
      'VariableDeclarator[id.name=/^(SECOND|MINUTE|HOUR|DAY|WEEK|YEAR)S?(_(MS|SECONDS|MINUTES|HOURS))?$/][init.type=/^(Literal|BinaryExpression)$/]',
    message: USE_UNITS,
  },
  {
    selector: 'Literal[raw=/^(3_?600_?000|86_?400(_?000)?|604_?800(_?000)?)$/]',
    message: USE_UNITS,
  },
  {
    selector: 'BinaryExpression:matches([operator="*"],[operator="/"]) > Literal[raw=/^60_?000$/]',
    message: USE_UNITS,
  },
];
const IN_SCRIPTS = [NO_DEFAULT_EXPORT, NO_SPREAD_LITERAL];
const EVERYWHERE = [...IN_SCRIPTS, ...NO_UNITS];
const NO_ENVIRONMENT = {
  object: 'process',
  property: 'env',
  message:
    'Add the setting to shared/env.ts and take it from `readSettings()`; tests use tests/environment.ts.',
};
const NO_CLAIMS = {
  property: 'claims',
  message:
    'Ask `may` or `reachOf` of shared/identity: the roles and areas of a token are not to be combined, since each role holds for areas of its own.',
};
const NO_BARE_CLIENT = {
  selector: "NewExpression[callee.object.name='pg'][callee.property.name=/^(Client|Pool)$/]",
  message:
    'Use openSession or openPool of shared/database: they listen for errors, which would end the process, and are deaf to PG* variables.',
};
const NO_QUERY = {
  selector:
    'CallExpression[callee.property.name=/^(query|\\$queryRaw.*|\\$executeRaw.*)$/], TaggedTemplateExpression[tag.property.name=/^\\$(query|execute)Raw/]',
  message:
    'Move the statement to the store of its concept (store.ts, or store-<part>.ts beside it).',
};
const NO_SLEEP = [
  {
    selector: "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout']",
    message: 'Wait for the thing itself (a message, a row, an exit), never for a time.',
  },
  {
    selector: "ImportDeclaration[source.value='node:timers/promises']",
    message: 'Wait for the thing itself (a message, a row, an exit), never for a time.',
  },
];
const NO_OTHER_REFUSAL = [
  {
    selector:
      "ObjectExpression > Property[key.name='__typename'] Literal[value=/^(Unknown|Implausible|Invalid)[A-Z]|OutOfRange$/]",
    message:
      'Build it with noneWithId, noneWithCode, outOfRange, implausible or invalid of shared/validation, so that all refusals of a kind read alike.',
  },
  {
    selector:
      'FunctionDeclaration[id.name=/^(isRefusal|isRefused|noneWithId|outOfRange|implausible|invalid|numberFault|throwIfFault|refuseFault)$/]',
    message:
      'shared/validation and shared/errors have this function: import it, or name what yours does otherwise.',
  },
  {
    selector: "IfStatement[test.name=/[fF]ault$/] CallExpression[callee.name='callersFault']",
    message: 'Write `throwIfFault(fault)` of shared/errors.',
  },
];
const NO_CLOCK = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'A rule takes `now` as an argument, so that tests and exercises can choose it.',
  },
  {
    selector: "MemberExpression[object.name=/^(Date|performance)$/][property.name='now']",
    message: 'A rule takes `now` as an argument, so that tests and exercises can choose it.',
  },
  {
    selector: 'MemberExpression[object.name=/^(Math|crypto)$/][property.name=/^random/]',
    message: 'A rule takes its ids as arguments: the same input must give the same decision.',
  },
];
const NO_MOCKS = ['mock', 'doMock', 'unstable_mockModule', 'fn', 'spyOn'].map((property) => ({
  object: 'jest',
  property,
  message:
    'Use the real thing; fakes only at the edges (clock, caller), written as plain functions.',
}));

/** A line that a reader does not scroll; Prettier breaks code, and nothing breaks texts. */
const LONGEST_LINE = 130;

export default defineConfig(
  globalIgnores(['**/dist/', '**/generated/', 'coverage/', '.vierblatt/', 'data/']),
  {
    files: ['**/*.{ts,tsx}'],
    extends: [eslint.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      // Compilers know better than we do what cannot be null; `!` stays where they do not, and reviewers look at it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Takes a flag that a callback changes for a constant.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // The enums of the graphql package are their texts.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/require-await': 'off',
      // Our objects are closures: their functions never read `this`.
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': ['error', 400],
      'no-console': 'error',
      'no-restricted-properties': ['error', NO_ENVIRONMENT],
      'no-restricted-syntax': ['error', ...EVERYWHERE, NO_BARE_CLIENT, ...NO_OTHER_REFUSAL],
    },
  },
  {
    files: ['shared/database/{session,laned-pool}.ts', 'bench/**', 'tools/**'],
    rules: { 'no-restricted-syntax': ['error', ...EVERYWHERE] },
  },
  {
    files: ['shared/{validation,errors}/**'],
    rules: { 'no-restricted-syntax': ['error', ...EVERYWHERE, NO_BARE_CLIENT] },
  },
  {
    files: ['subgraphs/**/*.ts'],
    ignores: ['**/{store,*-store,store-*}.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...EVERYWHERE,
        NO_BARE_CLIENT,
        NO_QUERY,
        ...NO_OTHER_REFUSAL,
      ],
    },
  },
  {
    files: RULES,
    rules: { 'no-restricted-syntax': ['error', ...EVERYWHERE, ...NO_CLOCK, ...NO_OTHER_REFUSAL] },
  },
  {
    files: ['shared/time/rules.ts'],
    rules: { 'no-restricted-syntax': ['error', ...IN_SCRIPTS, ...NO_CLOCK] },
  },
  {
    files: ['subgraphs/**/*.ts'],
    // An entry of the audit says what the token of a reader said.
    ignores: ['subgraphs/patients/audit/reports.ts', 'subgraphs/*/testing/**'],
    rules: { 'no-restricted-properties': ['error', NO_ENVIRONMENT, NO_CLAIMS] },
  },
  {
    files: TESTS,
    rules: {
      // Tests read responses without types and assert what they hold.
      ...Object.fromEntries(
        ['assignment', 'member-access', 'return', 'argument', 'call'].map((use) => [
          `@typescript-eslint/no-unsafe-${use}`,
          'off',
        ]),
      ),
      '@typescript-eslint/no-explicit-any': 'off',
      'no-restricted-properties': ['error', ...NO_MOCKS, NO_ENVIRONMENT],
      'no-restricted-syntax': ['error', ...EVERYWHERE, ...NO_SLEEP],
    },
  },
  {
    files: ['bench/**', 'tools/**', 'demo/**', 'start/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['bench/**', 'shared/env.ts', 'tests/environment.ts', 'tools/prisma-config.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    extends: [eslint.configs.recommended],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'WebAssembly',
          'setTimeout',
          'clearTimeout',
          'performance',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: {
      'max-lines': ['error', 400],
      'no-restricted-syntax': ['error', ...IN_SCRIPTS],
      // Programs that start before TypeScript can be loaded, and so without the files that read the environment.
      'no-restricted-properties': 'off',
    },
  },
  {
    files: CONFIGS,
    rules: { 'no-restricted-syntax': 'off', 'no-restricted-properties': 'off' },
  },
  { files: ['**/*.{ts,tsx,js,mjs}'], extends: [prettier] },
  {
    files: ['subgraphs/**/schema{,-*}.graphql', 'shared/graphql/*.graphql'],
    languageOptions: { parser: graphql.parser },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      'max-len': ['error', LONGEST_LINE],
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
          DirectiveDefinition: true,
        },
      ],
      '@graphql-eslint/naming-convention': [
        'error',
        {
          types: 'PascalCase',
          FieldDefinition: 'camelCase',
          InputValueDefinition: 'camelCase',
          DirectiveDefinition: 'camelCase',
          EnumValueDefinition: 'UPPER_CASE',
          InputObjectTypeDefinition: { style: 'PascalCase', requiredSuffixes: ['Input', 'Filter'] },
        },
      ],
      '@graphql-eslint/no-hashtag-description': 'error',
      '@graphql-eslint/no-typename-prefix': 'error',
      '@graphql-eslint/require-deprecation-reason': 'error',
    },
  },
);
