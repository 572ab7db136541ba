import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphqlSync } from 'graphql';
import { schemasDigest } from '../gateway/supergraph/renewal/schemas-digest.js';
import { SUBGRAPHS } from '../shared/env.js';
import { projectPath } from '../shared/root.js';
import { typeDefsOf } from '../shared/subgraph/index.js';

test('the gateway knows the committed supergraph as composed from the schemas that the subgraphs serve', () => {
  const served = SUBGRAPHS.map((name) => {
    const schema = buildSubgraphSchema({ typeDefs: typeDefsOf(name) });
    const { data } = graphqlSync({ schema, source: '{ _service { sdl } }' });
    return { name, sdl: (data as { _service: { sdl: string } })._service.sdl };
  });
  const file = projectPath('gateway/generated/composition.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ schemas: schemasDigest(served) });
});
