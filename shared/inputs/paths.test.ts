import { buildSchema, type GraphQLObjectType } from 'graphql';
import { converted, inputPaths } from './paths.js';

const schema = buildSchema(`
  type Query { field(tag: String, note: String!, other: Int, outer: Outer, within: [Outer!]): String none(other: Int, plain: Plain): String }
  input Outer { tag: [String!], number: Int, plain: Plain, again: Outer, inner: Inner! }
  input Plain { number: Int, plain: Plain }
  input Inner { tag: String, outer: Outer }
`);
const argsOf = (name: string) =>
  (schema.getType('Query') as GraphQLObjectType).getFields()[name]!.args;
const isTag = (name: string, type: string) => name === 'tag' && type === 'String';
const paths = inputPaths(argsOf('field'), isTag);
const upper = (text: string) => text.toUpperCase();

test('only ways to what is meant are found, also within a type that contains itself', () => {
  expect(paths.map(({ name }) => name)).toEqual(['tag', 'outer', 'within']);
  expect(paths[1]!.fields!.map(({ name }) => name)).toEqual(['tag', 'again', 'inner']);
  expect(inputPaths(argsOf('none'), isTag)).toEqual([]);
});

test('whether an input is required is known of each', () => {
  const [tag, note] = inputPaths(argsOf('field'), (_, type) => type === 'String');
  expect([tag!.isRequired, note!.isRequired]).toEqual([false, true]);
});

test('what is meant is converted at any depth and in lists, all else stays', () => {
  const plain = { number: 1 };
  const values = {
    tag: 'a',
    note: 'b',
    outer: { tag: ['c', 'D'], plain, inner: { tag: null } },
    within: [{ inner: { outer: { inner: { tag: 'e' } } } }, { tag: null, inner: {} }],
  };
  expect(converted(paths, values, upper)).toEqual({
    tag: 'A',
    note: 'b',
    outer: { tag: ['C', 'D'], plain, inner: { tag: null } },
    within: [{ inner: { outer: { inner: { tag: 'E' } } } }, { tag: null, inner: {} }],
  });
  expect(values.outer.tag).toEqual(['c', 'D']);
});

test('where nothing changes nothing is copied', () => {
  const values = { tag: 'A', within: [{ tag: ['B'], inner: { tag: 'C' } }] };
  expect(converted(paths, values, upper)).toBe(values);
});
