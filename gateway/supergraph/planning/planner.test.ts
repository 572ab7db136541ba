import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { parse } from 'graphql';
import { composed } from '../../testing/hospital.js';
import { nodes } from '../../testing/nodes.js';
import { pharmacy } from '../../testing/pharmacy.js';
import { TestHub } from '../../testing/test-hub.js';
import { EntityKeys } from './entity-keys.js';
import { Planner } from './planner.js';
import { supergraphState } from '../supergraph-state.js';

let hub: TestHub | undefined;
afterEach(async () => {
  await hub?.close();
  hub = undefined;
});

describe('a field that another field requires with other arguments', () => {
  const { prices, freight } = pharmacy;
  const FREIGHT = { d1: 40, d2: 300 };

  it.each<[string, string, Record<string, unknown>]>([
    ['literal arguments', '{ drugs { price(in: "GBP") freight } }', { price: 30 }],
    ['the default argument', '{ drugs { price freight } }', { price: 10 }],
    ['the same arguments', '{ drugs { freight price(in: "USD") } }', { price: 20 }],
    ['a variable', 'query ($in: String) { drugs { price(in: $in) freight } }', { price: 30 }],
    ['an alias', '{ drugs { pounds: price(in: "GBP") freight } }', { pounds: 30 }],
    ['the alias of another field', '{ drugs { price: name freight } }', { price: 'Alpha' }],
    [
      'a fragment',
      '{ drugs { ...F freight } } fragment F on Drug { price(in: "GBP") }',
      { price: 30 },
    ],
  ])('has each selected value, with %s', async (_, query, expected) => {
    hub = await TestHub.open([prices, freight]);
    const { data, errors } = await hub.request(query, { in: 'GBP' });
    expect(errors).toBeUndefined();
    expect(data!['drugs'][0]).toEqual({ ...expected, freight: FREIGHT.d1 });
    expect(data!['drugs'][1]).toMatchObject({ freight: FREIGHT.d2 });
  });

  it('has each selected value within another object', async () => {
    hub = await TestHub.open([prices, freight]);
    const { data, errors } = await hub.request('{ drugs { isDear maker { average(in: "EUR") } } }');
    expect(errors).toBeUndefined();
    expect(data!['drugs']).toEqual([
      { isDear: true, maker: { average: 7 } },
      { isDear: true, maker: { average: 20 } },
    ]);
  });

  it('refuses a supergraph in which two fields require it with different arguments', async () => {
    const conflicting = [prices, freight, pharmacy.duties];
    expect(() => supergraphState(composed(conflicting))).toThrow(
      /Drug\.freight of freight requires price\(in: "USD"\) and Drug\.duty of duties requires price\(in: "GBP"\)|Drug\.duty of duties requires price\(in: "GBP"\) and Drug\.freight of freight requires price\(in: "USD"\)/,
    );
    await expect(TestHub.open(conflicting)).rejects.toThrow(/cannot be served/);
  });
});

describe('an operation that the subgraphs cannot answer', () => {
  it.each([
    ['leaves nothing of', '{ plain { field } }', 'plain'],
    ['leaves a root field out of', '{ plain { field } rich { id } }', 'plain.field'],
    ['leaves a field out of', '{ plain { id field } }', 'plain.field'],
    [
      'leaves a field out of a fragment of',
      '{ plain { id ...F } } fragment F on Node { field }',
      'plain.field',
    ],
    [
      'needs a key that is not resolvable for',
      '{ rich { __typename field } }',
      'no key that is resolvable',
    ],
  ])('is refused with words when the plan %s it', async (_, query, words) => {
    hub = await TestHub.open(nodes());
    const { data, errors, status } = await hub.request(query);
    expect(data ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors![0]!.message).toContain(words);
    expect(errors![0]!.extensions['code']).toBe('BAD_USER_INPUT');
    expect(status).toBe(400);
    expect(hub.requests).toBe(0);
  });

  it('leaves the others alone', async () => {
    hub = await TestHub.open(nodes());
    expect(await hub.request('{ rich { id field } other { size colour } }')).toMatchObject({
      data: { rich: { id: 'n1', field: 'f' }, other: { size: 3, colour: 'red' } },
    });
  });

  it.each([
    '{ __typename }',
    '{ __schema { queryType { name } } }',
    'query ($no: Boolean = false) { other { id size @include(if: $no) colour @skip(if: true) } }',
    '{ plain @skip(if: true) { field } other { id } }',
  ])('is not one that selects nothing of what cannot be had: %s', async (query) => {
    hub = await TestHub.open(nodes());
    const { errors } = await hub.request(query);
    expect(errors).toBeUndefined();
  });
});

describe('a plan', () => {
  const LINK =
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
  const supergraph = Supergraph.build(
    composed([
      {
        name: 'owner',
        typeDefs: parse(`${LINK}
          type Query { thing: Thing }
          type Thing @key(fields: "id") @key(fields: "code") { id: ID! code: ID! }
        `),
      },
      {
        name: 'other',
        typeDefs: parse(`${LINK}
          type Thing @key(fields: "id", resolvable: false) @key(fields: "code") {
            id: ID! code: ID! more: Int
          }
        `),
      },
    ]),
  );

  it('may fetch an entity by a resolvable key alone', () => {
    const operation = operationFromDocument(supergraph.apiSchema(), parse('{ thing { more } }'));
    const plan = new Planner(supergraph).buildQueryPlan(operation);
    const byId = JSON.parse(JSON.stringify(plan).replaceAll('"code"', '"id"')) as typeof plan;
    const keys = new EntityKeys(supergraph.subgraphs());
    expect(keys.misused(plan)).toBeUndefined();
    expect(keys.misused(byId)).toContain('"id" (resolvable: false), "code"');
  });
});
