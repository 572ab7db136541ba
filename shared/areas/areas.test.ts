import { buildSchema, graphql, parse, subscribe, type GraphQLObjectType } from 'graphql';
import { claimSetFrom } from '../identity/claims.js';
import { areaToday, hasAreaForm } from './areas.js';
import { checkAreaArguments } from './arguments.js';
import { currentAreas, formerKreise } from './keys.js';

describe('an area', () => {
  test.each(['', '05', '053', '05315', '16063'])('is the text "%s" itself', (area) => {
    expect(areaToday(area)).toBe(area);
  });

  test.each([
    '99',
    '00',
    '058',
    '05999',
    '01000',
    '5',
    '0531',
    '053150',
    'NW',
    'DE',
    ' 05',
    '05\n',
  ])('is not "%s"', (text) => {
    expect(areaToday(text)).toBeUndefined();
  });

  test.each([
    ['16056', '16063'],
    ['03152', '03159'],
    ['03156', '03159'],
  ])('that was the Kreis %s is %s today', (key, successor) => {
    expect(areaToday(key)).toBe(successor);
  });

  test('that is one today is never a former one, and every former one has a successor that is one today', () => {
    for (const { key, successor, until } of formerKreise().values()) {
      expect(currentAreas()).not.toContain(key);
      expect(currentAreas()).toContain(successor);
      expect(new Date(until).toISOString()).toBe(`${until}T00:00:00.000Z`);
    }
  });

  test.each(['', '05', '053', '05315', '99'])('has the form of "%s"', (text) => {
    expect(hasAreaForm(text)).toBe(true);
  });

  test.each(['5', '0531', '053150', 'NW', ' 05', '05\n', '٠٥'])(
    'has not the form of "%s"',
    (text) => {
      expect(hasAreaForm(text)).toBe(false);
    },
  );
});

test('a token gives the right for the successor of a former Kreis, and none for an area that does not exist', () => {
  expect(claimSetFrom({ areas: ['16056', '16063', '99', '05999', '03152'] }).areas).toEqual([
    '03159',
    '16063',
  ]);
});

describe('areas among the arguments of a schema', () => {
  const schema = buildSchema(`
    type Query { plain(area: String, code: String): String deep(input: Outer!): String deepest(list: [Outer!]): String
      refusing(area: String!): Outcome bulk(areas: [Inner!]!): Bulk }
    type Subscription { changed(area: String): String }
    input Outer { leadingArea: String, inner: [Inner!], again: Outer }
    input Inner { area: String! }
    union Outcome = Done | UnknownArea
    type Done { area: String }
    type UnknownArea { area: String }
    union Bulk = Outcomes | Refused
    type Outcomes { outcomes: [Outcome]! }
    type Refused { message: String }
  `);
  const echo = (_: unknown, args: object) => JSON.stringify(args);
  const query = schema.getQueryType()!.getFields();
  for (const name of ['plain', 'deep', 'deepest']) query[name]!.resolve = echo;
  query['refusing']!.resolve = (_, { area }) => ({ __typename: 'Done', area });
  query['bulk']!.resolve = (_, { areas }) => ({
    __typename: 'Outcomes',
    outcomes: areas.map((one: object) => Object.assign({ __typename: 'Done' }, one)),
  });
  const changed = (schema.getType('Subscription') as GraphQLObjectType).getFields()['changed']!;
  changed.subscribe = async function* (_, args) {
    yield args;
  };
  changed.resolve = (event: object, args: object) => JSON.stringify([event, args]);
  checkAreaArguments(schema);
  const execute = async (source: string) => {
    const { data, errors } = await graphql({ schema, source });
    return errors?.[0]?.extensions['code'] ?? Object.values(data!)[0];
  };

  test.each([
    ['{ plain(area: "16056", code: "16056") }', '{"area":"16063","code":"16056"}'],
    ['{ plain(area: null) }', '{"area":null}'],
    ['{ plain }', '{}'],
    ['{ deep(input: { leadingArea: "16056" }) }', '{"input":{"leadingArea":"16063"}}'],
    [
      '{ deepest(list: [{ inner: [{ area: "16056" }] }]) }',
      '{"list":[{"inner":[{"area":"16063"}]}]}',
    ],
  ])('are mapped in %s', async (source, args) => {
    expect(await execute(source)).toBe(args);
  });

  test.each([
    '{ plain(area: "99") }',
    '{ plain(area: "NRW") }',
    '{ deep(input: { leadingArea: "05999" }) }',
    '{ deep(input: { again: { inner: [{ area: "05" }, { area: "99" }] } }) }',
    '{ deepest(list: [{}, { inner: [{ area: "99" }] }]) }',
    '{ refusing(area: "NRW") { __typename } }',
  ])('are refused in %s', async (source) => {
    expect(await execute(source)).toBe('BAD_USER_INPUT');
  });

  test('are left to a field that refuses unknown ones by itself', async () => {
    expect(await execute('{ refusing(area: "99") { ... on Done { area } } }')).toEqual({
      area: '99',
    });
  });

  test('are left to a bulk whose entries refuse unknown ones', async () => {
    const bulk =
      '{ bulk(areas: [{ area: "99" }, { area: "16056" }]) { ... on Outcomes { outcomes { ... on Done { area } } } } }';
    expect(await execute(bulk)).toEqual({ outcomes: [{ area: '99' }, { area: '16063' }] });
  });

  const watch = (area: string) =>
    subscribe({ schema, document: parse(`subscription { changed(area: "${area}") }`) });

  test('are mapped where a subscription begins and in each of its messages', async () => {
    const stream = (await watch('16056')) as AsyncGenerator<{ data: { changed: string } }>;
    const { value } = await stream.next();
    expect(JSON.parse(value.data.changed)).toEqual([{ area: '16063' }, { area: '16063' }]);
    await stream.return(undefined);
  });

  test('are refused where a subscription begins', async () => {
    expect(await watch('99')).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
});
