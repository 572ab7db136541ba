import { randomUUID } from 'node:crypto';
import { buildSchema, graphql, parse, subscribe, type GraphQLObjectType } from 'graphql';
import type { FacilityReferences } from './facility-references.js';
import { readIdArguments } from './id-arguments.js';

const schema = buildSchema(`
  type Query { one(id: ID!): String many(ids: [ID!], text: String, input: Input): String }
  type Subscription { changed(id: ID): String }
  input Input { id: ID, inner: [Input!] }
`);
const given: unknown[] = [];
const field = (type: string, name: string) =>
  (schema.getType(type) as GraphQLObjectType).getFields()[name]!;
for (const name of ['one', 'many']) {
  field('Query', name).resolve = (_, args) => {
    given.push(args);
    return '';
  };
}
field('Subscription', 'changed').subscribe = async function* (_, args) {
  given.push(args);
  yield args;
};
readIdArguments(schema);
beforeEach(() => given.splice(0));

const id = randomUUID();
const capital = id.toUpperCase();

test('a UUID in capitals reaches its resolver as it is kept, at any depth', async () => {
  const source = `query ($id: ID!, $input: Input) { one(id: $id) literal: one(id: "${capital}") many(ids: [$id], text: "${capital}", input: $input) }`;
  const input = { id: capital, inner: [{ id: capital }, { id: null }] };
  const { errors } = await graphql({ schema, source, variableValues: { id: capital, input } });
  expect(errors).toBeUndefined();
  expect(given).toEqual([
    { id },
    { id },
    { ids: [id], text: capital, input: { id, inner: [{ id }, { id: null }] } },
  ]);
});

test('an id that is no UUID stays as it is', async () => {
  await graphql({ schema, source: '{ one(id: "Florian 1") }' });
  expect(given).toEqual([{ id: 'Florian 1' }]);
});

test('a facility that is named by reference reaches its resolver by its id, all of a call in one request', async () => {
  const requested: (readonly string[])[] = [];
  const facilityReferences: FacilityReferences = {
    idsOf: (references) => {
      requested.push(references);
      return Promise.resolve(new Map([['site:772997', [id]]]));
    },
  };
  const source =
    '{ many(ids: ["site:772997", "ik:260000001"], text: "site:772997", input: { id: "site:772997" }) }';
  await graphql({ schema, source, contextValue: { facilityReferences } });
  expect(given).toEqual([{ ids: [id, 'ik:260000001'], text: 'site:772997', input: { id } }]);
  expect(requested).toEqual([['site:772997', 'ik:260000001']]);
});

test('a subscription reads ids alike', async () => {
  const document = parse(`subscription { changed(id: "${capital}") }`);
  const events = (await subscribe({ schema, document })) as AsyncGenerator;
  await events.next();
  expect(given[0]).toEqual({ id });
});
