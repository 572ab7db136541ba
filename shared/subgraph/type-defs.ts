import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse, type DocumentNode } from 'graphql';
import { projectPath } from '../root.js';

/** The schema of a subgraph: what all share, then every concept's `schema.graphql`, in alphabetical order. */
export function typeDefsOf(subgraph: string): DocumentNode {
  const concepts = readdirSync(projectPath('subgraphs', subgraph))
    .sort()
    .map((concept) => projectPath('subgraphs', subgraph, concept, 'schema.graphql'))
    .filter((file) => existsSync(file));
  const files = [projectPath('shared/graphql/hub.graphql'), ...concepts];
  return parse(files.map((file) => readFileSync(file, 'utf8')).join('\n'));
}
