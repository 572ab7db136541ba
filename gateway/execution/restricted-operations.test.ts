import { createHash } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { getOperationAST, parse } from 'graphql';
import { claimSetFrom } from '../../shared/identity/claims.js';
import { documentPrefix, DocumentStore } from '../core/document-store.js';
import { supergraphState, type SupergraphState } from '../supergraph/supergraph-state.js';
import { composed } from '../testing/hospital.js';
import { RestrictedOperations, type ClientOperation } from './restricted-operations.js';

const typeDefs = (fields: string) =>
  parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@requiresScopes"])
    type Query { open: String common: String ${fields} secret: String @requiresScopes(scopes: [["beds:report"]]) }
  `);
const before = supergraphState(composed([{ name: 'ward', typeDefs: typeDefs('old: String') }]));
const after = supergraphState(composed([{ name: 'ward', typeDefs: typeDefs('new: String') }]));

const partner = claimSetFrom({ roles: ['partner'], areas: [''] });
const hospital = claimSetFrom({ roles: ['hospital'], areas: [''] });

let documents: DocumentStore;
let operations: RestrictedOperations;
beforeEach(() => {
  documents = new DocumentStore();
  operations = new RestrictedOperations(documents);
});

/** A copy of the supergraph, and the plans under it. */
function watched(state: SupergraphState): { state: SupergraphState; planned: string[] } {
  const planned: string[] = [];
  const planner = {
    buildQueryPlan: (operation: Parameters<typeof state.planner.buildQueryPlan>[0]) => {
      planned.push(operation.selectionSet.toString());
      return state.planner.buildQueryPlan(operation);
    },
  };
  return { state: { ...state, planner: planner }, planned };
}

function requests(query: string): ClientOperation {
  const document = parse(query);
  const queryHash = createHash('sha256').update(query).digest('hex');
  return { document, operation: getOperationAST(document)!, operationName: null, queryHash };
}

const request = (state: SupergraphState, query: string, times = 1, claims = hospital) => {
  for (let time = 0; time < times; time += 1) operations.of(state, claims, requests(query));
};

describe('an operation', () => {
  it('is planned once for all whose rights fail at the same rules', () => {
    const { state, planned } = watched(before);
    request(state, '{ open secret }', 3);
    request(state, '{ open secret }', 3, partner);
    expect(planned).toEqual(['{ open secret }', '{ open }']);
  });

  it('that is frequent is planned again right after the supergraph changed, the most frequent first', async () => {
    request(before, '{ open }', 2);
    request(before, '{ common secret }', 5, partner);
    request(before, '{ common secret }', 1);
    const { state, planned } = watched(after);
    await operations.warm(state);
    expect(planned).toEqual(['{ common }', '{ open }', '{ common secret }']);
    request(state, '{ open }');
    request(state, '{ common secret }', 1, partner);
    request(state, '{ common secret }');
    expect(planned).toHaveLength(3);
  });

  it('that is valid no more is left out, and the others are planned', async () => {
    request(before, '{ old }', 9);
    request(before, '{ open }');
    const { state, planned } = watched(after);
    await operations.warm(state);
    expect(planned).toEqual(['{ open }']);
  });

  it('is read no second time: its text is known to be valid under the new schema', async () => {
    request(before, '{ open }');
    await operations.warm(after);
    const { queryHash } = requests('{ open }');
    expect(await documents.get(documentPrefix(after.schema) + queryHash)).toBeDefined();
  });

  it('is planned while requests go on', async () => {
    for (const alias of ['a', 'b', 'c', 'd']) request(before, `{ ${alias}: open }`);
    const { state, planned } = watched(after);
    const seen: number[] = [];
    const look = () => {
      seen.push(planned.length);
      if (planned.length < 4) setImmediate(look);
    };
    setImmediate(look);
    await operations.warm(state);
    expect(new Set(seen).size).toBeGreaterThan(3);
  });

  it('is not planned for a supergraph that has been replaced meanwhile', async () => {
    for (const alias of ['a', 'b', 'c', 'd']) request(before, `{ ${alias}: open }`);
    const replaced = watched(after);
    const newest = watched(supergraphState(composed([{ name: 'ward', typeDefs: typeDefs('') }])));
    await Promise.all([operations.warm(replaced.state), operations.warm(newest.state)]);
    expect(replaced.planned.length).toBeLessThan(2);
    expect(newest.planned.length).toBeGreaterThanOrEqual(4);
  });
});

describe('texts that were found valid', () => {
  it('are looked for where they are put', async () => {
    const server = new ApolloServer({ schema: after.schema, documentStore: documents });
    const text = '{ open }';
    await server.executeOperation({ query: text });
    expect(
      await documents.get(documentPrefix(after.schema) + requests(text).queryHash),
    ).toBeDefined();
    await server.stop();
  });
});
