import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { subgraphOf } from './subgraph-types.js';
import {
  idFieldsAreNamedSo,
  unionFieldsHaveOneType,
  type UnionFieldExceptions,
} from './union-fields.js';

const problems = (schema: string, exceptions: UnionFieldExceptions = {}) =>
  unionFieldsHaveOneType([subgraphOf('a', parse(schema))], exceptions);
const union = (one: string, other: string) =>
  `union Outcome = One | Other type One { ${one} } type Other { ${other} }`;

test.each([
  ['an id in one member and an object in another', 'facility: ID!', 'facility: Facility'],
  ['null here and never null there', 'facility: Facility', 'facility: Facility!'],
  ['one here and many there', 'facility: Facility', 'facility: [Facility]'],
  ['lists of other nullability', 'facility: [Facility]', 'facility: [Facility!]'],
  ['two kinds of objects', 'facility: Facility', 'facility: Region'],
])('a field of a union cannot be %s', (_, one, other) => {
  expect(problems(union(one, other))).toEqual([
    expect.stringMatching(
      /^union Outcome in a: its members have `facility` as .*One.* and .*Other/,
    ),
  ]);
});

test('fields of one type, and fields that only one member has, are fine', () => {
  expect(problems(union('facility: Facility!', 'facility: Facility!'))).toEqual([]);
  expect(problems(union('facility: Facility', 'facilityId: ID!'))).toEqual([]);
});

test('members and fields may stand in extensions', () => {
  expect(
    problems(
      'union Outcome = One extend union Outcome = Other type One { at: Int } type Other { id: ID! } extend type Other { at: Int! }',
    ),
  ).toHaveLength(1);
});

test('the implementations of an interface are held to it as well', () => {
  const refusals =
    'interface Refusal { message: String! } type One implements Refusal { message: String! plan: ID! } type Other implements Refusal { message: String! plan: Plan }';
  expect(problems(refusals)).toEqual([expect.stringMatching(/^interface Refusal in a: .*`plan`/)]);
  expect(problems(refusals, { Refusal: ['plan'] })).toEqual([]);
});

test('an exception goes with its last deviation, so the list only shrinks', () => {
  expect(problems(union('at: Int', 'at: Int'), { Outcome: ['at'], Removed: ['at'] })).toEqual([
    expect.stringMatching(/^Outcome.at has one type in all members: remove it/),
    expect.stringMatching(/^Removed.at has one type in all members: remove it/),
  ]);
});

test('a field that returns an id cannot be named after the entity', () => {
  const ids = (schema: string, ...exceptions: string[]) =>
    idFieldsAreNamedSo(subgraphOf('a', parse(schema)), exceptions);
  expect(ids('type T { id: ID! planId: ID! planIds: [ID!]! name: String }')).toEqual([]);
  expect(ids('type T { plan: ID! }')).toEqual([expect.stringMatching(/^T.plan in a returns/)]);
  expect(ids('type T { plans: [ID!] }', 'T.plans')).toEqual([]);
  expect(ids('type T { planId: ID }', 'T.plan')).toEqual([
    expect.stringMatching(/^T.plan returns no id: remove it/),
  ]);
});

test('the exceptions are in alphabetical order', () => {
  const text = readFileSync('tools/federation/union-fields.json', 'utf8');
  const unions = Object.keys(JSON.parse(text) as object);
  expect(unions).toEqual(unions.toSorted());
});
