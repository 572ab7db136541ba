import { buildSchema } from 'graphql';
import { operationsInMarkdown } from './markdown.js';
import { operationsOfModule, strayOperations } from './modules.js';
import { problemsOf } from './validation.js';

const schema = buildSchema('type Query { bed(count: Int!): Bed } type Bed { free: Int }');
const problems = (query: string, variables?: Record<string, unknown>) =>
  problemsOf(schema, { where: 'README.md:7', query, variables });

test('an operation that the schema does not have is reported with its place and its first line', () => {
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

test('a module gives the texts that it exports, also those in lists', () => {
  const module = { ONE: '{ one }', LIST: ['{ two }'], build: () => '{ three }' };
  expect(operationsOfModule('operations.ts', module)).toEqual([
    { where: 'operations.ts, ONE', query: '{ one }' },
    { where: 'operations.ts, LIST', query: '{ two }' },
  ]);
});

test.each(['`query Beds { bed }`', "'mutation ($a: A!) { b }'", '"{ bed { free } }"'])(
  'an operation outside of an operations.ts is reported: %s',
  (literal) => {
    expect(strayOperations('hub.ts', `\nconst BEDS = ${literal};`)).toEqual([
      'hub.ts:2: an operation belongs in an operations.ts, whose exports are validated.',
    ]);
  },
);

test('SQL and prose are no operations', () => {
  const text = "db.query('SELECT now()'); say('a query takes long'); say(`{bar} {value}`);";
  expect(strayOperations('hub.ts', text)).toEqual([]);
});
