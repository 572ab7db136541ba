/** Rules of imports between files. Each rule's comment says the fix; `npm run check:imports`. */
const TESTS = '(\\.test\\.tsx?$|^tests/|^bench/|/testing/)';
const CONFIGS = '(^|/)[^/]+\\.config\\.[jt]s$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'subgraphs-stay-apart',
      comment:
        'Subgraphs meet in the supergraph and in each other’s GraphQL API, never in code: call it by GraphQL, or move what both need and no domain owns to shared/.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/', pathNot: TESTS },
      to: { path: '^subgraphs/', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'gateway-knows-no-subgraph',
      comment:
        'The gateway knows no domain word: let the schema or a directive state it, or move the code to shared/.',
      severity: 'error',
      from: { path: '^gateway/', pathNot: TESTS },
      to: { path: '^subgraphs/' },
    },
    {
      name: 'shared-is-the-ground',
      comment:
        'shared/ imports nothing that stands on it: pass what it needs as an argument, or move the file to its only user.',
      severity: 'error',
      from: { path: '^shared/', pathNot: TESTS },
      to: { path: '^(gateway|subgraphs|start|demo|tools)/' },
    },
    {
      name: 'rules-are-pure',
      comment:
        'Rules import other rules only; types are free. Take what the rule needs as an argument and let the store or the resolver fetch it.',
      severity: 'error',
      from: { path: '^subgraphs/.+/rules[./]', pathNot: TESTS },
      to: { pathNot: '/rules[./]', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-stores-see-prisma',
      comment:
        'Only a concept’s store reads and writes: give the store a method with a domain name and call that. Types are free.',
      severity: 'error',
      from: {
        path: '^subgraphs/[^/]+/[^/]+/',
        pathNot: ['/stores?[./-]', '/database/', TESTS, '/generated/'],
      },
      to: { path: '(/generated/prisma/|node_modules/@prisma/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'production-imports-no-tests',
      comment: 'Production code may not need tests or benchmarks: move the code beside its user.',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'production-imports-no-tools',
      comment:
        'tools/ is for authoring and is not in the image’s dependencies: move the code to shared/ or start/.',
      severity: 'error',
      from: {
        path: '^(gateway|subgraphs|shared)/',
        pathNot: [TESTS, CONFIGS, '^gateway/sandbox/'],
      },
      to: { path: '^tools/' },
    },
    {
      name: 'production-needs-no-dev-dependency',
      comment:
        '`npm ci --omit=dev` must be enough to run: move the package to "dependencies" in package.json.',
      severity: 'error',
      from: {
        path: '^(gateway|subgraphs|shared|start)/',
        pathNot: [TESTS, CONFIGS, '^gateway/sandbox/'],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one, or lack a third: move what both need there.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      comment: 'Correct the path, or install the package and name it in package.json.',
      severity: 'error',
      from: { pathNot: '/generated/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/generated/'] },
    // Files in a peer's folder need that folder's own packages, which a bench installs.
    exclude: { path: ['(^|/)(dist|coverage|\\.vierblatt)/', '^bench/peers/[^/]+/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      // A package that is types only names nothing else.
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
};
