import { buildSchema, graphql, parse, subscribe, type GraphQLObjectType } from 'graphql';
import { checkTextArguments } from './arguments.js';
import { blankFault } from './invalid-text.js';

const schema = buildSchema(`
  type Query { plain(text: String, id: ID): String node: Node }
  type Node { inner(after: String): String }
  type Mutation { identifying(tag: String, input: Cards): String refusing(input: Outer!): Outcome throwing(input: Outer!): String bulk(input: Entries!): Answers }
  type Subscription { changed(after: String): String }
  input Cards { note: String, cards: [Card!] }
  input Card { tag: String!, text: String }
  input Outer { reason: String, inner: [Inner!], again: Outer }
  input Inner { id: ID, text: String, texts: [String!] }
  input Entries { key: String, entries: [Inner!]! }
  union Outcome = Done | InvalidText
  type Done { done: String }
  type InvalidText { field: String message: String }
  type Answers { outcomes: [Outcome]! }
`);
const fieldOf = (type: string, name: string) =>
  (schema.getType(type) as GraphQLObjectType).getFields()[name]!;
const calls: object[] = [];
const kept = (args: object) => calls.push(args);
fieldOf('Query', 'plain').resolve = (_, args) => `${kept(args)}`;
fieldOf('Query', 'node').resolve = () => ({});
fieldOf('Node', 'inner').resolve = (_, args) => `${kept(args)}`;
fieldOf('Mutation', 'refusing').resolve = (_, args) => ({
  __typename: 'Done',
  done: `${kept(args)}`,
});
fieldOf('Mutation', 'throwing').resolve = (_, args) => `${kept(args)}`;
fieldOf('Mutation', 'bulk').resolve = (_, args) => {
  kept(args);
  return {
    outcomes: args.input.entries.map(({ text }: { text: string }) => ({
      __typename: 'Done',
      done: text,
    })),
  };
};
fieldOf('Subscription', 'changed').subscribe = async function* (_, args) {
  yield args;
};
fieldOf('Mutation', 'identifying').resolve = (_, args) => `${kept(args)}`;
checkTextArguments(schema);
beforeEach(() => calls.splice(0));

const BAD = '\u0000';
const execute = async (source: string, variableValues: Record<string, unknown>) => {
  const { data, errors } = await graphql({ schema, source, variableValues });
  return errors?.[0]?.extensions['code'] ?? Object.values(data!)[0];
};

test.each([
  ['query ($text: String) { plain(text: $text) }', { text: BAD }],
  ['query ($text: String) { node { inner(after: $text) } }', { text: BAD }],
  ['mutation ($input: Outer!) { throwing(input: $input) }', { input: { reason: BAD } }],
])('%s is BAD_USER_INPUT, without a call', async (source, variables) => {
  expect(await execute(source, variables)).toBe('BAD_USER_INPUT');
  expect(calls).toEqual([]);
});

test.each([
  [{ reason: BAD }, 'reason'],
  [{ reason: 'good', again: { reason: BAD } }, 'again.reason'],
  [{ inner: [{ text: 'good' }, { text: BAD }] }, 'inner[1].text'],
  [{ inner: [{ texts: ['good', BAD] }] }, 'inner[0].texts[1]'],
])('a refusal names the text in %j', async (input, field) => {
  const source =
    'mutation ($input: Outer!) { refusing(input: $input) { ... on InvalidText { field message } } }';
  expect(await execute(source, { input })).toMatchObject({
    field,
    message: expect.stringContaining(`${field} is Unicode text; character 1 is U+0000`),
  });
  expect(calls).toEqual([]);
});

describe('an optional text in which nothing is written', () => {
  test.each(['', ' ', '\u00a0 '])('is the caller’s fault, without a call: %j', async (blank) => {
    const refusing =
      'mutation ($input: Outer!) { refusing(input: $input) { ... on Done { done } ... on InvalidText { field } } }';
    for (const input of [{ reason: blank }, { inner: [{ text: 'good' }, { text: blank }] }]) {
      expect(await execute(refusing, { input })).toBe('BAD_USER_INPUT');
    }
    expect(
      await execute('query ($text: String) { node { inner(after: $text) } }', { text: blank }),
    ).toBe('BAD_USER_INPUT');
    expect(calls).toEqual([]);
  });

  test('in a bulk refuses its entry alone', async () => {
    const entries = [{ text: 'a' }, { text: ' ' }];
    const bulk = `mutation ($input: Entries!) { bulk(input: $input) { outcomes {
      ... on Done { done } ... on InvalidText { field message } } } }`;
    expect(await execute(bulk, { input: { entries } })).toEqual({
      outcomes: [
        { done: 'a' },
        { field: 'text', message: expect.stringContaining('received only spaces') },
      ],
    });
  });

  test.each(['area', 'name', 'pzc'])('%s is left to the rules of its field', (field) => {
    expect(blankFault(field, '')).toBeUndefined();
  });
});

describe('in a bulk', () => {
  const BULK = `mutation ($input: Entries!) { bulk(input: $input) { outcomes {
    ... on Done { done } ... on InvalidText { field } } } }`;

  test('the entries concerned are refused, the others are passed on in their order', async () => {
    const entries = [BAD, 'a', BAD, 'b'].map((text) => ({ text }));
    expect(await execute(BULK, { input: { entries } })).toEqual({
      outcomes: [{ field: 'text' }, { done: 'a' }, { field: 'text' }, { done: 'b' }],
    });
  });

  test('where no entry is left, nothing is called', async () => {
    expect(await execute(BULK, { input: { entries: [{ text: BAD }] } })).toEqual({
      outcomes: [{ field: 'text' }],
    });
    expect(calls).toEqual([]);
  });

  test('a text beside the list refuses the whole', async () => {
    expect(await execute(BULK, { input: { key: BAD, entries: [{ text: 'a' }] } })).toBe(
      'BAD_USER_INPUT',
    );
    expect(calls).toEqual([]);
  });
});

describe('an id', () => {
  const long = 'x'.repeat(201);

  test.each([
    ['query ($id: ID) { plain(id: $id) }', { id: long }],
    [
      'mutation ($input: Outer!) { refusing(input: $input) { __typename } }',
      { input: { inner: [{ id: 'x' }, { id: long }] } },
    ],
  ])('of 201 characters is BAD_USER_INPUT, without a call: %s', async (source, variables) => {
    const { errors } = await graphql({ schema, source, variableValues: variables });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors![0]!.message).toMatch(/^(id|inner\[1\]\.id) is an id of up to 200 characters/);
    expect(calls).toEqual([]);
  });

  test('of 200 characters is accepted', async () => {
    await execute('query ($id: ID) { plain(id: $id) }', { id: 'x'.repeat(200) });
    expect(calls).toHaveLength(1);
  });

  test.each(['\u0000', 'pzn:\u0000', '\ud800', 'a\udc00b'])(
    'that cannot be stored is BAD_USER_INPUT, without a call: %j',
    async (id) => {
      expect(await execute('query ($id: ID) { plain(id: $id) }', { id })).toBe('BAD_USER_INPUT');
      expect(calls).toEqual([]);
    },
  );

  test.each([long, '\u0000', '\ud800'])(
    'that is none refuses only its entry of a bulk: %j',
    async (bad) => {
      const bulk = `mutation ($input: Entries!) { bulk(input: $input) { outcomes {
      ... on Done { done } ... on InvalidText { field } } } }`;
      const entries = [{ text: 'a', id: bad }, { text: 'b' }];
      expect(await execute(bulk, { input: { entries } })).toEqual({
        outcomes: [{ field: 'id' }, { done: 'b' }],
      });
    },
  );
});

test('a subscription does not begin with such a text', async () => {
  const document = parse('subscription ($text: String) { changed(after: $text) }');
  expect(await subscribe({ schema, document, variableValues: { text: BAD } })).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
});

describe('a text that identifies something', () => {
  const IDENTIFYING =
    'mutation ($tag: String, $input: Cards) { identifying(tag: $tag, input: $input) }';

  test('reaches the resolver in its one form, at any depth; all others reach it as they are', async () => {
    const text = 'A\u0308\u200b  1';
    await execute(IDENTIFYING, {
      tag: text,
      input: { note: text, cards: [{ tag: text, text }, { tag: 'B' }] },
    });
    expect(calls).toEqual([
      { tag: 'Ä 1', input: { note: text, cards: [{ tag: 'Ä 1', text }, { tag: 'B' }] } },
    ]);
  });

  test('is refused first where it would deceive', async () => {
    expect(await execute(IDENTIFYING, { tag: 'A\u202e1' })).toBe('BAD_USER_INPUT');
    expect(calls).toEqual([]);
  });
});
