import { pathToFileURL } from 'node:url';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { projectPath } from '../../shared/root.js';
import { operationsInMarkdown } from './markdown.js';
import { strayOperations } from './stray.js';
import { problemsOf } from './validation.js';

const { typedDocuments } = (await import(
  pathToFileURL(projectPath('tools/generate-operations.mjs')).href
)) as {
  typedDocuments(schema: GraphQLSchema, location: string, text: string): Promise<string>;
};

const schema = buildSchema('type Query { bed(count: Int!): Bed } type Bed { free: Int }');
const problems = (query: string, variables?: Record<string, unknown>) =>
  problemsOf(schema, { where: 'README.md:7', query, variables });

test('an operation that the schema does not have is reported with its position and its first line', () => {
  expect(problems('# A comment\nquery Beds { bed(count: 1) { taken } }')).toEqual([
    'README.md:7: Cannot query field "taken" on type "Bed".\n    in query Beds { bed(count: 1) { taken } }',
  ]);
});

test('an operation that is no GraphQL is reported', () => {
  expect(problems('query {')).toHaveLength(1);
});

test('variables that do not fit are reported, missing ones only where values are shown', () => {
  const query = 'query ($count: Int!) { bed(count: $count) { free } }';
  expect(problems(query, { count: 'two' })).toHaveLength(1);
  expect(problems(query, {})).toHaveLength(1);
  expect(problems(query, { count: 2 })).toEqual([]);
  expect(problems(query)).toEqual([]);
});

test('Markdown shows operations in blocks of GraphQL and in the bodies of requests', () => {
  const text = [
    'Text { bed }',
    '```graphql',
    '{ bed(count: 1) { free } }',
    '```',
    '```graphql',
    'type Bed { free: Int }',
    '```',
    '```sh',
    String.raw`curl -d '{"query": "{ region(code: \"05\") }", "variables": {}}'`,
    '```',
  ].join('\n');
  expect(operationsInMarkdown('README.md', text)).toEqual([
    { where: 'README.md:2', query: '{ bed(count: 1) { free } }\n' },
    { where: 'README.md:8', query: '{ region(code: "05") }' },
  ]);
});

test('the build writes an operation as a document that carries the types of its data and variables', async () => {
  const written = await typedDocuments(
    schema,
    'operations.graphql',
    'query Free($count: Int!) { bed(count: $count) { free } }',
  );
  expect(written).toContain('as unknown as TypedDocumentString<FreeQuery, FreeQueryVariables>');
  expect(written).toContain(
    'FreeQuery = { readonly bed: { readonly free: number | null } | null }',
  );
});

test('the build refuses an operation that the schema does not have', async () => {
  const written = typedDocuments(schema, 'operations.graphql', 'query Beds { bed { taken } }');
  await expect(written).rejects.toThrow('Cannot query field "taken" on type "Bed"');
});

test.each(['`query Beds { bed }`', "'mutation ($a: A!) { b }'", '"{ bed { free } }"'])(
  'an operation in code is reported: %s',
  (literal) => {
    expect(strayOperations('hub.ts', `\nconst BEDS = ${literal};`)).toEqual([
      'hub.ts:2: an operation belongs in the operations.graphql of its folder, which the build validates and types.',
    ]);
  },
);

test('SQL and prose are no operations', () => {
  const text = "db.query('SELECT now()'); say('a query takes long'); say(`{bar} {value}`);";
  expect(strayOperations('hub.ts', text)).toEqual([]);
});
